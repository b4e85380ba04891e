import { resolve } from 'node:path'
import type { Call, Finding, OpenCall, OpenOutcome, Sink, SinkContext, SinkPlugin } from '@cdrstream/plugin'
import { CallQueue } from './call-queue.ts'
import { checkDirectory } from './check-directory.ts'
import { LineEncoder } from './encode-lines.ts'
import { FileSession } from './file-session.ts'
import { type FileSinkOptions, fileSinkOptions } from './file-sink-options.ts'
import type { Files } from './files.ts'
import { type Layout, sinkLayout } from './layout.ts'
import { nodeFiles } from './node-files.ts'
import { type Recovered, recover } from './recover.ts'
import { StateFile } from './sink-state.ts'

/** A span ends between two batches, so a batch must not be much larger than the intended file size. */
const maxBatchBytes = 8_000_000
/** Compressing and syncing an entire span can take a long time on a slow disk. */
const timeoutMs = 300_000

/** The file sink: writes each record once to NDJSON files. See README.md. */
export const fileSink: SinkPlugin<FileSinkOptions> = {
  cdrstream: 1,
  name: 'file',
  options: fileSinkOptions,
  traits: ({ rotateBytes, publishAfterMs }) => ({
    idempotence: 'position',
    revisions: 'all',
    batch: { bytes: Math.min(rotateBytes, maxBatchBytes) },
    flushAfterMs: publishAfterMs,
    timeoutMs,
  }),
  create: (options, context) => createFileSink(options, context, nodeFiles),
}

export function createFileSink(options: FileSinkOptions, context: SinkContext, files: Files): Sink {
  return new FileSink(options, context, files)
}

class FileSink implements Sink {
  readonly #options: FileSinkOptions
  readonly #layout: Layout
  readonly #log: SinkContext['log']
  readonly #encoder = new LineEncoder()
  /**
   * Shared by all sessions, because a call from an earlier session may still hang in the operating system.
   */
  readonly #calls = new CallQueue()

  constructor(options: FileSinkOptions, { baseDirectory, log }: SinkContext, files: Files) {
    this.#options = options
    this.#layout = sinkLayout(files, resolve(baseDirectory, options.directory))
    this.#log = log
  }

  open({ acknowledged, ...call }: OpenCall): Promise<OpenOutcome> {
    return this.#calls.run(call, async () => {
      const state = new StateFile(this.#layout)
      const recovered = await recover(this.#layout, state, acknowledged)
      this.#report(recovered, acknowledged?.offset)
      const { position, dropped } = recovered
      const session = new FileSession({
        options: this.#options,
        layout: this.#layout,
        log: this.#log,
        encoder: this.#encoder,
        calls: this.#calls,
        state,
        position,
        hasten: dropped > 0,
      })
      return { kind: 'opened', session, position }
    })
  }

  check(_call: Call): Promise<readonly Finding[]> {
    return checkDirectory(this.#layout, this.#options.rotateBytes)
  }

  #report({ by, position, finished }: Recovered, acknowledgedOffset: number | undefined): void {
    const { directory } = this.#layout
    if (finished > 0) this.#log.info('finished an interrupted publication', { files: finished })
    switch (by) {
      case 'stored':
        return
      case 'acknowledged':
        this.#log.warn('sink state is missing or outdated; continuing after the last acknowledged record', {
          directory,
          acknowledgedOffset,
        })
        return
      case 'behind':
        this.#log.warn('sink state is behind the last acknowledged record; continuing after the state', {
          directory,
          stateOffset: position?.offset,
          acknowledgedOffset,
        })
    }
  }
}
