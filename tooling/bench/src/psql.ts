import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'

/** A psql process that keeps running, so that its startup is not measured. */
export class Psql {
  readonly #process: ChildProcess
  readonly #lines: AsyncIterator<string>

  private constructor(process: ChildProcess, lines: AsyncIterator<string>) {
    this.#process = process
    this.#lines = lines
  }

  /** Throws Error if psql is not on the PATH. */
  static async start(url: string): Promise<Psql> {
    const child = spawn('psql', ['-X', '-A', '-t', '-v', 'ON_ERROR_STOP=1', url], {
      stdio: ['pipe', 'pipe', 'inherit'],
    })
    await new Promise((resolve, reject) => {
      child.once('spawn', resolve)
      child.once('error', () => reject(new Error('the benchmark needs psql on the PATH')))
    })
    return new Psql(child, createInterface({ input: child.stdout })[Symbol.asyncIterator]())
  }

  /** Runs `\copy` with a file in text format. */
  async copy(table: string, file: string): Promise<void> {
    this.#process.stdin?.write(`\\copy ${table} from '${file}'\n`)
    const { value } = await this.#lines.next()
    if (!String(value).startsWith('COPY ')) throw new Error(`psql failed to copy: ${value}`)
  }

  end(): void {
    this.#process.stdin?.end()
  }
}
