import type {
  Batch,
  Call,
  FlushOutcome,
  Position,
  SinkContext,
  SinkSession,
  WriteOutcome,
} from '@cdrstream/plugin'
import { SinkFault } from '@cdrstream/sink-kit'
import type { CallQueue } from './call-queue.ts'
import type { LineEncoder } from './encode-lines.ts'
import type { FileSinkOptions } from './file-sink-options.ts'
import { groupRecords } from './group-records.ts'
import type { Layout } from './layout.ts'
import { publishSpan } from './publish-span.ts'
import { refuseLaterFiles } from './resume-position.ts'
import { positionIn, type StateFile } from './sink-state.ts'
import { surveyPublished } from './survey-published.ts'
import { temporaryNames } from './temporary-name.ts'
import { extendSpan, isFull, type WorkSpan } from './work-span.ts'

export interface FileSessionSetup {
  readonly options: FileSinkOptions
  readonly layout: Layout
  readonly log: SinkContext['log']
  readonly encoder: LineEncoder
  readonly calls: CallQueue
  readonly state: StateFile
  /** Where the sink continues. Null if nothing has been published. */
  readonly position: Position | null
  /**
   * Whether an earlier process left records unpublished. The next batch is then published immediately, so
   * that even a process that crashes every minute makes progress.
   */
  readonly hasten: boolean
}

/**
 * Collects batches, which follow one another without gaps, and publishes them. After any outcome except
 * `accepted` and `refused`, and after an aborted call, only published records count, because the engine opens
 * a new session and sends all later records again.
 */
export class FileSession implements SinkSession {
  readonly #setup: FileSessionSetup
  readonly #nextName = temporaryNames()
  /** Everything up to this position is published. Null if nothing from this journal is published. */
  #published: Position | null
  /** The records that are written but not yet published. */
  #span: WorkSpan | undefined
  /** The first batch has been accepted, so later batches must follow it. */
  #begun = false
  #hasten: boolean

  constructor(setup: FileSessionSetup) {
    this.#setup = setup
    this.#published = setup.position
    this.#hasten = setup.hasten
  }

  write(batch: Batch, call: Call): Promise<WriteOutcome> {
    const { calls, layout, encoder, options } = this.#setup
    return calls.run(call, async () => {
      await this.#expect(batch.from)
      const { shares, refused } = groupRecords(batch.records)
      if (refused.length > 0) return { kind: 'refused', refused }
      this.#begun = true
      const { signal } = call
      this.#span = await extendSpan(
        this.#span ?? { from: batch.from, to: batch.to, files: new Map() },
        { shares, to: batch.to },
        { layout, encoder, nextName: this.#nextName, signal },
      )
      const { from } = this.#span
      if (this.#hasten || isFull(this.#span, options.rotateBytes)) await this.#publish(this.#span, signal)
      return { kind: 'accepted', through: this.#published ?? from }
    })
  }

  flush(call: Call): Promise<FlushOutcome> {
    return this.#setup.calls.run(call, async () => {
      if (this.#span === undefined) return { kind: 'accepted' }
      const through = this.#span.to
      await this.#publish(this.#span, call.signal)
      return { kind: 'accepted', through }
    })
  }

  /** No resources are held between calls. The next `open` removes unpublished files. */
  close(): Promise<void> {
    return this.#setup.calls.idle()
  }

  /**
   * Throws a `SinkFault` unless a batch from this position continues the files or is the first batch of a
   * different journal.
   */
  async #expect(from: Position): Promise<void> {
    const { layout, state, position } = this.#setup
    const end = this.#span?.to ?? this.#published
    if (end !== null && isSamePosition(end, from)) return
    const known = this.#begun
      ? end
      : (positionIn(state.state, from.incarnation) ?? sameJournal(position, from))
    if (known) throw unexpectedPosition(from, known, layout)
    // The state has no record of this journal, so the engine has decided where to begin. If the state was
    // lost, files of this journal may still be here.
    refuseLaterFiles(await surveyPublished(layout, from.incarnation), from, layout)
    this.#published = null
  }

  async #publish(span: WorkSpan, signal: AbortSignal): Promise<void> {
    const { layout, state, options, log } = this.#setup
    await publishSpan(span, { layout, state, compression: options.compress, signal })
    log.debug('files published', {
      files: span.files.size,
      fromOffset: span.from.offset,
      toOffset: span.to.offset,
    })
    this.#published = span.to
    this.#span = undefined
    this.#hasten = false
  }
}

function unexpectedPosition(from: Position, known: Position, { directory }: Layout): SinkFault {
  return new SinkFault(
    'unexpected-position',
    `set the option directory to an empty directory: the journal was restored from a backup and continues after ` +
      `record ${from.offset}, but ${directory} already has its records up to ${known.offset}; they would be written twice`,
  )
}

function sameJournal(position: Position | null, { incarnation }: Position): Position | undefined {
  return position?.incarnation === incarnation ? position : undefined
}

function isSamePosition(one: Position, other: Position): boolean {
  return one.incarnation === other.incarnation && one.offset === other.offset && one.commit === other.commit
}
