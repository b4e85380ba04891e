import { resolve } from 'node:path'
import type {
  Accepted,
  Batch,
  Call,
  Failed,
  Finding,
  OpenOutcome,
  Position,
  Retry,
  Sink,
  SinkContext,
  SinkPlugin,
  WriteOutcome,
} from '@cdrstream/plugin'
import { checkDirectory } from './check-directory.ts'
import { classifyError } from './classify-error.ts'
import { LineEncoder } from './encode-lines.ts'
import { type FileSinkOptions, fileSinkOptions } from './file-sink-options.ts'
import type { Files } from './files.ts'
import { groupRecords } from './group-records.ts'
import { type Layout, sinkLayout } from './layout.ts'
import { nodeFiles } from './node-files.ts'
import { publishSpan } from './publish-span.ts'
import { recover } from './recover.ts'
import { SinkFault } from './sink-fault.ts'
import { StateFile } from './sink-state.ts'
import { temporaryNames } from './temporary-name.ts'
import { extendSpan, isFull, type WorkSpan } from './work-span.ts'

/** A span ends between two batches, so a batch must not be much larger than a file should be. */
const mostBatchBytes = 8_000_000
/** Compressing and syncing a whole span may take long on a slow disk. */
const timeoutMs = 300_000

/** Writes each record once into NDJSON files: see README.md. */
export const fileSink: SinkPlugin<FileSinkOptions> = {
  cdrstream: 1,
  name: 'file',
  options: fileSinkOptions,
  traits: ({ rotateBytes, publishAfterMs }) => ({
    idempotence: 'position',
    revisions: 'all',
    batch: { bytes: Math.min(rotateBytes, mostBatchBytes) },
    flushAfterMs: publishAfterMs,
    timeoutMs,
  }),
  create: (options, context) => createFileSink(options, context, nodeFiles),
}

export function createFileSink(options: FileSinkOptions, context: SinkContext, files: Files): Sink {
  return new FileSink(options, context, files)
}

/** What the sink knows between `open` and the first trouble. */
interface Session {
  readonly nextName: () => string
  /** All up to here is published; null if nothing ever was. */
  published: Position | null
  /** What is written and not yet published. */
  span: WorkSpan | undefined
  /** Something was left unpublished before: publish the next batch at once, so that even one that crashes every minute gets on. */
  hasten: boolean
}

/**
 * The protocol with the engine: `open` tells the last published position, and the batches follow from there without a gap. After any
 * outcome but `accepted`, and after an aborted call, the sink has dropped back to that position: it must be opened again, and what had been
 * written since comes again.
 */
class FileSink implements Sink {
  readonly #options: FileSinkOptions
  readonly #layout: Layout
  readonly #log: SinkContext['log']
  readonly #state: StateFile
  readonly #encoder = new LineEncoder()
  #session: Session | undefined
  #lastCall: Promise<unknown> = Promise.resolve()

  constructor(options: FileSinkOptions, { baseDirectory, log }: SinkContext, files: Files) {
    this.#options = options
    this.#layout = sinkLayout(files, resolve(baseDirectory, options.directory))
    this.#log = log
    this.#state = new StateFile(this.#layout)
  }

  open(call: Call): Promise<OpenOutcome> {
    return this.#alone(call, async () => {
      this.#session = undefined
      const { position, finished, dropped } = await recover(this.#layout, this.#state)
      if (finished > 0) this.#log.info('finished publishing what had been begun', { files: finished })
      this.#session = {
        nextName: temporaryNames(),
        published: position,
        span: undefined,
        hasten: dropped > 0,
      }
      return { kind: 'opened', position }
    })
  }

  write(batch: Batch, call: Call): Promise<WriteOutcome> {
    return this.#alone(call, async () => {
      const session = this.#opened()
      await this.#begin(session, batch.from, call.signal)
      const { shares, refused } = groupRecords(batch.records)
      const span = await extendSpan(
        session.span ?? { from: batch.from, to: batch.from, files: new Map() },
        { shares, to: batch.to },
        {
          layout: this.#layout,
          encoder: this.#encoder,
          nextName: session.nextName,
          signal: call.signal,
        },
      )
      session.span = span
      if (session.hasten || isFull(span, this.#options.rotateBytes)) await this.#publish(session, call.signal)
      return accepted(session.published ?? span.from, refused)
    })
  }

  flush(call: Call): Promise<WriteOutcome> {
    return this.#alone(call, async () => {
      const session = this.#opened()
      if (session.span === undefined) return { kind: 'accepted' }
      const through = session.span.to
      await this.#publish(session, call.signal)
      return { kind: 'accepted', through }
    })
  }

  check(): Promise<readonly Finding[]> {
    return checkDirectory(this.#layout, this.#options.rotateBytes)
  }

  /** Nothing is held between calls; what is unpublished is removed by the next `open`. */
  async close(): Promise<void> {
    await this.#lastCall
    this.#session = undefined
  }

  /**
   * One call after the other, also when the engine has given up waiting for one that hangs in the operating system. Trouble ends the
   * session.
   */
  #alone<Outcome>({ signal }: Call, work: () => Promise<Outcome>): Promise<Outcome | Retry | Failed> {
    const call = this.#lastCall.then(async () => {
      try {
        signal.throwIfAborted()
        return await work()
      } catch (error) {
        this.#session = undefined
        return classifyError(error)
      }
    })
    this.#lastCall = call
    return call
  }

  #opened(): Session {
    if (this.#session !== undefined) return this.#session
    throw new SinkFault('not-open', 'report this as a fault of cdrstream: a sink has to be opened first')
  }

  /** Sees to it that a batch that begins at `from` goes on where the sink is. */
  async #begin(session: Session, from: Position, signal: AbortSignal): Promise<void> {
    const end = session.span?.to ?? session.published
    if (end === null || samePosition(end, from)) return
    if (end.incarnation === from.incarnation) {
      throw new SinkFault(
        'unexpected-position',
        `the journal goes on at ${from.offset} and the files at ${end.offset}: if the journal was restored, choose another directory`,
      )
    }
    // Another journal, and the engine has decided where to begin in it. What there is of the old one is in order.
    await this.#publish(session, signal)
    session.published = null
  }

  async #publish(session: Session, signal: AbortSignal): Promise<void> {
    const { span } = session
    if (span === undefined) return
    const { compress } = this.#options
    await publishSpan(span, { layout: this.#layout, state: this.#state, compression: compress, signal })
    this.#log.debug('published', {
      files: span.files.size,
      fromOffset: span.from.offset,
      toOffset: span.to.offset,
    })
    session.published = span.to
    session.span = undefined
    session.hasten = false
  }
}

function accepted(through: Position, refused: Accepted['refused'] & object): Accepted {
  return refused.length > 0 ? { kind: 'accepted', through, refused } : { kind: 'accepted', through }
}

function samePosition(one: Position, other: Position): boolean {
  return one.incarnation === other.incarnation && one.offset === other.offset && one.commit === other.commit
}
