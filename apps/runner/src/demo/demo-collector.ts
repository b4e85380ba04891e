import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { DemoDirectory } from './demo-directory.ts'

const bin = fileURLToPath(new URL('../../bin/cdrstream.js', import.meta.url))

/** How a collector ended. */
export interface CollectorEnd {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

/** A demo's `cdrstream run`, a process that can be killed and restarted. */
export class DemoCollector {
  readonly #directory: DemoDirectory
  #child: ChildProcess | undefined
  #ended: Promise<CollectorEnd> = Promise.resolve({ code: null, signal: null })
  /** Set if the collector ended on its own. */
  #accident: CollectorEnd | undefined
  #told = false

  constructor(directory: DemoDirectory) {
    this.#directory = directory
  }

  get accident(): CollectorEnd | undefined {
    return this.#accident
  }

  start(): void {
    const log = openSync(this.#directory.log, 'a', 0o600)
    const child = spawn(process.execPath, [bin, 'run', '--config', this.#directory.configuration], {
      stdio: ['ignore', 'ignore', log],
      // In a separate process group, so that Ctrl-C reaches only the demo, which then stops its collector.
      detached: true,
    })
    closeSync(log)
    this.#told = false
    this.#child = child
    this.#ended = new Promise((resolve) => {
      child.on('exit', (code, signal) => {
        if (!this.#told) this.#accident = { code, signal }
        resolve({ code, signal })
      })
      child.on('error', () => {
        this.#accident = { code: null, signal: null }
        resolve({ code: null, signal: null })
      })
    })
  }

  /** Ends the process like a crash, with no chance to clean up. */
  kill(): Promise<CollectorEnd> {
    return this.#end('SIGKILL')
  }

  stop(): Promise<CollectorEnd> {
    return this.#end('SIGTERM')
  }

  #end(signal: 'SIGKILL' | 'SIGTERM'): Promise<CollectorEnd> {
    this.#told = true
    this.#child?.kill(signal)
    return this.#ended
  }
}
