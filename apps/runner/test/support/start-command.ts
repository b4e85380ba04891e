import { type ChildProcess, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'

/** A real process of the built command. */
export interface StartedCommand {
  readonly process: ChildProcess
  /** Returns the output so far. */
  readonly out: () => string
  readonly err: () => string
  readonly ended: Promise<CommandEnd>
}

export interface CommandEnd {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly out: string
  readonly err: string
}

/** The path of the built command. */
export const bin = fileURLToPath(new URL('../../bin/cdrstream.js', import.meta.url))

export interface StartOptions {
  readonly directory: string
  readonly variables?: Readonly<Record<string, string>>
  /** In octal digits. Default: the umask of the tests. */
  readonly umask?: string
  /** The uid and gid to run as. Requires root. */
  readonly user?: number
  /** Standard input. Default: none. */
  readonly input?: string
}

export function startCommand(args: readonly string[], options: StartOptions): StartedCommand {
  const command = [process.execPath, ...becoming(options.user), bin, ...args]
  return options.umask === undefined
    ? startProgram(command, options)
    : startProgram(['sh', '-c', `umask ${options.umask} && exec "$@"`, 'sh', ...command], options)
}

/** Starts a program as the leader of its own process group, as a shell does. */
export function startProgram(
  [program = '', ...args]: readonly string[],
  { directory, variables, input = '' }: StartOptions,
): StartedCommand {
  const child = spawn(program, args, {
    cwd: directory,
    env: { ...process.env, ...variables },
    stdio: 'pipe',
    detached: true,
  })
  // A command that does not read its input can end before the input is written.
  child.stdin.on('error', () => {}).end(input)
  // A failed test must not leave a collector running.
  onTestFinished(() => void signalGroup(child, 'SIGKILL'))
  let out = ''
  let err = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    err += text
  })
  const ended = new Promise<CommandEnd>((resolve) => {
    child.on('close', (code, signal) => resolve({ code, signal, out, err }))
  })
  return { process: child, out: () => out, err: () => err, ended }
}

/**
 * The process switches to the user itself before it loads our code, because that user might not be allowed to
 * run this Node. With the flag, the command does not restart itself.
 */
function becoming(user: number | undefined): readonly string[] {
  if (user === undefined) return []
  const script = `process.setgroups([${user}]);process.setgid(${user});process.setuid(${user})`
  return ['--max-semi-space-size=8', '--import', `data:text/javascript,${script}`]
}

/** Signals all processes in the group, as systemd and terminals do. Returns false if there are none. */
export function signalGroup({ pid }: ChildProcess, signal: NodeJS.Signals): boolean {
  if (pid === undefined) return false
  try {
    return process.kill(-pid, signal)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ESRCH') return false
    throw error
  }
}

export function runCommand(args: readonly string[], options: StartOptions): Promise<CommandEnd> {
  return startCommand(args, options).ended
}
