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
  /** A file that gets the output, anew at each start. */
  readonly log: string
}

/**
 * A server's process, which outlives nobody: it ends with the process that started it, however that one ends.
 */
export class GuardedProcess {
  readonly #guard: ChildProcess
  readonly #lines: AsyncIterator<string>
  readonly #command: GuardedCommand
  #pid: number | undefined
  #exited: Promise<unknown> = Promise.resolve()

  /** `directory` is removed at the end. */
  constructor(command: GuardedCommand, directory: string) {
    const script = fileURLToPath(new URL('./guard.ts', import.meta.url))
    // In a group of its own: Ctrl-C in a terminal goes to the whole group of whoever runs there.
    this.#guard = spawn(process.execPath, [script, directory], {
      detached: true,
      stdio: ['pipe', 'pipe', 'inherit'],
    })
    this.#guard.unref()
    this.#lines = createInterface({ input: this.#guard.stdout ?? process.stdin })[Symbol.asyncIterator]()
    this.#command = command
  }

  get pid(): number {
    if (this.#pid === undefined) throw new Error(`${this.#command.program} does not run`)
    return this.#pid
  }

  get runs(): boolean {
    return this.#pid !== undefined
  }

  async start(): Promise<void> {
    this.#guard.stdin?.write(`${JSON.stringify(this.#command)}\n`)
    const { value } = await this.#lines.next()
    this.#pid = Number(value)
    if (!Number.isInteger(this.#pid)) throw new Error(`${this.#command.program} cannot be started`)
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

  /** SIGKILL for the server and its children, as when the machine dies; returns when all are gone. */
  async kill(): Promise<void> {
    const tree = processTree(this.pid)
    signalAll(tree, 'SIGKILL')
    await this.#exited
    await until(`the end of ${this.#command.program}`, 10_000, () => !tree.some(isAlive))
  }

  /** Ends the server if it runs, and removes its directory. */
  async dispose(): Promise<void> {
    const gone = new Promise((resolve) => this.#guard.once('exit', resolve))
    this.#guard.ref()
    this.#guard.stdin?.end()
    if (this.#guard.exitCode === null) await gone
    this.#pid = undefined
  }

  /** Whether the output since the last start has this. */
  hasSaid(words: RegExp): boolean {
    return words.test(this.#output())
  }

  /** The last lines of the output since the last start. */
  lastWords(): string {
    return this.#output().trimEnd().split('\n').slice(-20).join('\n')
  }

  #output(): string {
    return readFileSync(this.#command.log, 'utf8')
  }
}
