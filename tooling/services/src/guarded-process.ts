import { type ChildProcess, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { isAlive, processTree, signalAll } from './process-tree.ts'
import type { User } from './server-directory.ts'
import { until } from './until.ts'

export interface GuardedCommand {
  readonly program: string
  readonly args: readonly string[]
  readonly cwd: string
  readonly env: NodeJS.ProcessEnv
  readonly user: User
  /** A file for the output. It is truncated at each start. */
  readonly log: string
}

/** A server process. It stops with the process that started it, even if that process crashes. */
export class GuardedProcess {
  readonly #guard: ChildProcess
  readonly #lines: AsyncIterator<string>
  readonly #command: GuardedCommand
  #pid: number | undefined
  #exited: Promise<unknown> = Promise.resolve()

  /** `directory` is removed when the server is disposed of. */
  constructor(command: GuardedCommand, directory: string) {
    const script = fileURLToPath(new URL('./guard.ts', import.meta.url))
    // In its own process group, because Ctrl-C in a terminal reaches the entire foreground process group.
    this.#guard = spawn(process.execPath, [script, directory], {
      detached: true,
      stdio: ['pipe', 'pipe', 'inherit'],
    })
    this.#guard.unref()
    this.#lines = createInterface({ input: this.#guard.stdout ?? process.stdin })[Symbol.asyncIterator]()
    this.#command = command
  }

  get pid(): number {
    if (this.#pid === undefined) throw new Error(`${this.#command.program} is not running`)
    return this.#pid
  }

  get runs(): boolean {
    return this.#pid !== undefined
  }

  async start(): Promise<void> {
    this.#guard.stdin?.write(`${JSON.stringify(this.#command)}\n`)
    const { value } = await this.#lines.next()
    this.#pid = Number(value)
    if (!Number.isInteger(this.#pid)) throw new Error(`${this.#command.program} could not be started`)
    this.#exited = this.#lines.next().then(() => {
      this.#pid = undefined
    })
  }

  suspend(): void {
    signalAll(processTree(this.pid), 'SIGSTOP')
  }

  resume(): void {
    signalAll(processTree(this.pid), 'SIGCONT')
  }

  /**
   * Kills the server and its children with SIGKILL, as if the machine crashed. Returns when all have ended.
   */
  async kill(): Promise<void> {
    const tree = processTree(this.pid)
    signalAll(tree, 'SIGKILL')
    await this.#exited
    await until(`the end of ${this.#command.program}`, 10_000, () => !tree.some(isAlive))
  }

  /** Kills the server if it is running, and removes its directory. */
  async dispose(): Promise<void> {
    const gone = new Promise((resolve) => this.#guard.once('exit', resolve))
    this.#guard.ref()
    this.#guard.stdin?.end()
    if (this.#guard.exitCode === null) await gone
    this.#pid = undefined
  }

  /** Returns whether the output since the last start matches. */
  hasLogged(words: RegExp): boolean {
    return words.test(this.#output())
  }

  /** Returns the last lines of the output since the last start. */
  lastLines(): string {
    return this.#output().trimEnd().split('\n').slice(-20).join('\n')
  }

  #output(): string {
    return readFileSync(this.#command.log, 'utf8')
  }
}
