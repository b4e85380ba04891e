import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { copyFileSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { runTimed } from './run-timed.ts'

const windows = process.platform === 'win32'

/**
 * Installs packed packages with `npm install --global` and runs every command as on a machine that has only
 * Node: with an empty home directory, and a PATH with only `node` and the installed commands.
 */
export async function runInstalledCommands(tarballs: readonly string[], scratch: string): Promise<void> {
  const prefix = join(scratch, 'global')
  const home = join(scratch, 'home')
  const directory = join(scratch, 'work')
  const path = join(scratch, 'only-node')
  for (const made of [home, directory, path]) mkdirSync(made, { recursive: true })
  const node = join(path, windows ? 'node.exe' : 'node')
  if (windows) copyFileSync(process.execPath, node)
  else symlinkSync(process.execPath, node)
  const flags = ['--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline', '--loglevel=error']
  const install = ['install', '--global', '--prefix', prefix, ...flags, ...tarballs]
  runTimed('npm install --global', 'npm', install, scratch)

  const bin = windows ? prefix : join(prefix, 'bin')
  const env = { HOME: home, USERPROFILE: home, PATH: [bin, path].join(windows ? ';' : ':') }
  const machine = { program: join(bin, windows ? 'cdrstream.cmd' : 'cdrstream'), directory, env }
  run(machine, ['--version'])
  await using demo = startDemo(machine)
  for (const [name, scenario] of scenarios(commandsOf(run(machine, ['--help'])))) {
    if (name !== 'help') run(machine, [name, '--help'])
    await scenario(machine)
  }
  await demo.passed
}

/** A user's machine: the command, the working directory, and the environment. */
interface Machine {
  readonly program: string
  readonly directory: string
  readonly env: Readonly<Record<string, string>>
}

type Scenario = (machine: Machine) => void | Promise<void>

/** Returns the names of the commands in the output of `--help`. */
function commandsOf(help: string): readonly string[] {
  const [, section = ''] = /^Commands:\n([\s\S]*?)\n(?:\n|$)/m.exec(help) ?? []
  return [...section.matchAll(/^ {2}([a-z][\w-]*)/gm)].map(([, name = '']) => name)
}

/**
 * Returns a scenario for each command. Throws if a command has none, because it would not be tested as
 * installed.
 */
function scenarios(names: readonly string[]): readonly (readonly [string, Scenario])[] {
  if (!names.includes('run')) throw new Error(`expected commands in the output of --help, found [${names}]`)
  return names.map((name) => {
    const scenario = known[name]
    if (scenario === undefined)
      throw new Error(`"cdrstream ${name}" has no scenario in installed-commands.ts`)
    return [name, scenario] as const
  })
}

/** A sink without dependencies, since the machine has only Node. */
const plainSink = `export default {
  cdrstream: 1,
  name: 'plain',
  options: {
    '~standard': {
      version: 1,
      vendor: 'plain',
      validate: (value) =>
        Object.keys(value ?? {}).length === 0 ? { value } : { issues: [{ message: 'unknown option' }] },
    },
  },
  traits: { idempotence: 'none' },
  create: () => ({ write: async () => ({ kind: 'accepted' }) }),
}
`

const known: Readonly<Record<string, Scenario>> = {
  run: (machine) => collect(machine),
  status: (machine) => void run(machine, ['status', '--json'], 'collected'),
  doctor: async (machine) => {
    await using _simulator = await simulate(machine, 'examined', ['--scale', '60'])
    run(machine, ['doctor', '--json'], 'examined')
  },
  sink: (machine) => {
    run(machine, ['sink', 'pause', 'files'], 'collected')
    run(machine, ['sink', 'retry', 'files'], 'collected')
  },
  reload: (machine) => reload(machine),
  replay: (machine) => replay(machine),
  quarantine: (machine) => {
    run(machine, ['quarantine', 'list'], 'collected')
    run(machine, ['quarantine', 'retry', '--all'], 'collected')
  },
  login: (machine) => login(machine),
  simulate: async (machine) => {
    await using _simulator = await simulate(machine, 'simulated', [])
  },
  demo: () => {}, // Runs in parallel with the others.
  certify: (machine) => {
    writeFileSync(join(machine.directory, 'plain-sink.mjs'), plainSink)
    run(machine, ['certify', './plain-sink.mjs', '--erase', '--only', 'handles-released'])
  },
  'new-sink': (machine) => {
    run(machine, ['new-sink', 'my-sink'])
    if (!existsSync(join(machine.directory, 'my-sink', 'my-sink.ts')))
      throw new Error('new-sink wrote nothing')
  },
  schema: (machine) => {
    if (!run(machine, ['schema', 'postgres']).includes('create table'))
      throw new Error('schema printed no table')
  },
  validate: (machine) => void run(machine, ['validate'], 'collected'),
  completion: (machine) => void run(machine, ['completion', 'bash']),
  help: (machine) => void run(machine, ['help', 'run']),
}

async function reload(machine: Machine): Promise<void> {
  await using _simulator = await simulate(machine, 'reloaded', [])
  const collector = start(machine, ['run'], 'reloaded')
  try {
    const lock = join(machine.directory, 'reloaded', 'data', 'cdrstream.db.lock')
    const until = Date.now() + 30_000
    while (!existsSync(lock) && Date.now() < until) await sleep(100)
    run(machine, ['reload'], 'reloaded')
  } finally {
    await stop(collector)
  }
}

/** The file sink is never replayed to, so another sink is added to the configuration. */
function replay(machine: Machine): void {
  const place = join(machine.directory, 'collected')
  writeFileSync(join(place, 'plain-sink.mjs'), plainSink)
  const configuration = readFileSync(join(place, 'cdrstream.yaml'), 'utf8')
  const added = configuration.replace('webex:', '  - { name: plain, use: ./plain-sink.mjs }\nwebex:')
  writeFileSync(join(place, 'replay.yaml'), added)
  run(machine, ['replay', '-c', 'replay.yaml', '--sink', 'plain', '--duplicates-ok'], 'collected')
}

async function collect(machine: Machine): Promise<void> {
  await using _simulator = await simulate(machine, 'collected', ['--scale', '60', '--history', '20s'])
  run(machine, ['run', '--once'], 'collected')
  if (!existsSync(join(machine.directory, 'collected', 'data', 'records')))
    throw new Error('nothing was collected')
}

/**
 * Starts the demo. It runs in parallel with the other commands, because it takes a minute and mostly waits.
 */
function startDemo(machine: Machine): AsyncDisposable & { readonly passed: Promise<void> } {
  const child = start(machine, ['demo', '--for', '3s'], '.')
  const ended = once(child, 'close')
  const passed = printed(child, /(\d[\d,]* records shown.*)\n/).then(async (result) => {
    const [code] = await ended
    console.log(`cdrstream demo: ${result}`)
    if (code !== 0) throw new Error(`demo: expected code 0, found ${code}`)
  })
  // Awaited at the end. Until then, a rejection must not terminate the process.
  passed.catch(() => {})
  return { passed, [Symbol.asyncDispose]: () => stop(child) }
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'close')
  child.kill('SIGTERM')
  await ended
}

async function login(machine: Machine): Promise<void> {
  await using _simulator = await simulate(machine, 'signed-in', ['--sign-in'])
  const child = start(machine, ['login', '--redirect-uri', 'http://127.0.0.1:0/callback'], 'signed-in')
  const ended = once(child, 'close')
  const address = await printed(child, /(http\S+)\n/)
  await fetch(address)
  const [code] = await ended
  if (code !== 0) throw new Error(`login: expected code 0, found ${code}`)
  console.log('cdrstream login: signed in')
}

/** Serves the simulated API until it is disposed of. Writes its configuration to the directory `name`. */
async function simulate(
  machine: Machine,
  name: string,
  options: readonly string[],
): Promise<AsyncDisposable> {
  const directory = join(machine.directory, name)
  mkdirSync(directory)
  const child = start(machine, ['simulate', ...options], '.')
  try {
    writeFileSync(join(directory, 'cdrstream.yaml'), await printed(child, /([\s\S]*stream:.*\n)/))
  } catch (cause) {
    await stop(child)
    throw cause
  }
  return { [Symbol.asyncDispose]: () => stop(child) }
}

function start({ program, directory, env }: Machine, args: readonly string[], at: string): ChildProcess {
  return spawn(program, args, {
    cwd: join(directory, at),
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
    shell: windows,
  })
}

/** Returns the match of the first group of `pattern` in a program's output. */
async function printed(child: ChildProcess, pattern: RegExp): Promise<string> {
  let output = ''
  for await (const part of child.stdout ?? []) {
    output += part
    const [, found] = pattern.exec(output) ?? []
    if (found !== undefined) {
      child.stdout?.resume()
      return found
    }
  }
  throw new Error(`expected ${pattern} in the output, found ${JSON.stringify(output)}`)
}

function run({ program, directory, env }: Machine, args: readonly string[], at = '.'): string {
  return runTimed(`cdrstream ${args.join(' ')}`, program, args, join(directory, at), env)
}
