import type { Acknowledgement, StoredRecord, WholeMs } from '@cdrstream/core'
import type { Accepted, Call, OpenCall, Position } from '@cdrstream/plugin'
import type { SinkSetup } from './engine-options.ts'
import { registerSink, type StartedSink } from './open-sink.ts'
import type { EngineActivity, Journal, SinkStanding } from './ports/index.ts'
import { refusedItem } from './refused-item.ts'
import { telemetry } from './telemetry.ts'
import { Witnesses } from './witnesses.ts'

/**
 * The journal's data about one sink: its position, and a few records that show whether the sink was emptied.
 */
export class KnownSink {
  readonly #setup: SinkSetup
  readonly #journal: Journal
  readonly #activity: EngineActivity | undefined
  readonly #witnesses: Witnesses
  #standing: SinkStanding | undefined

  constructor(setup: SinkSetup, journal: Journal, activity?: EngineActivity) {
    this.#setup = setup
    this.#journal = journal
    this.#activity = activity
    this.#witnesses = new Witnesses(setup.traits.revisions ?? 'all')
  }

  /** Undefined before the sink is registered. */
  get standing(): SinkStanding | undefined {
    return this.#standing
  }

  /** Returns the information that the sink receives when it is opened. */
  openCall(call: Call): OpenCall {
    const acknowledged = this.#standing?.acknowledged ?? null
    return { ...call, acknowledged, owns: (position) => this.#journal.owns(position) }
  }

  async register(nowMs: WholeMs): Promise<void> {
    this.#standing = await registerSink(this.#setup, this.#journal, nowMs)
    this.#witnesses.noteRecorded(this.#standing.witnesses)
  }

  started({ standing, emptied }: StartedSink): void {
    this.#standing = standing
    this.#witnesses.restart(standing.witnesses, emptied)
  }

  /**
   * Records a replay from this position, unless the sink has not reached it. Returns the position at which
   * delivery resumes.
   */
  async rewind(after: Position): Promise<Position> {
    const standing = this.#standing
    if (standing === undefined) throw new Error('the sink is not registered')
    if (after.offset >= standing.acknowledged.offset) return standing.acknowledged
    await this.#journal.rewindSink(this.#setup.name, after)
    this.#standing = { ...standing, acknowledged: after }
    return after
  }

  /** Considers records that the sink accepted as witnesses. */
  considerWitnesses(records: readonly StoredRecord[], outcome: Accepted): void {
    this.#witnesses.consider(records, outcome)
  }

  /**
   * Records the sink's position and the records that it refused. If the journal fails, rejects and changes
   * nothing.
   */
  async acknowledge(
    { through, refused, released }: Acknowledgement<StoredRecord>,
    atMs: WholeMs,
  ): Promise<void> {
    const { name } = this.#setup
    const witnesses = this.#witnesses.upTo(through)
    const forgotten = this.#witnesses.forgottenAt(through)
    const items = refused.map((record) => refusedItem(name, record, atMs))
    await this.#journal.acknowledge(name, {
      through,
      refused: items,
      released,
      forgotten,
      witnesses,
    })
    this.#witnesses.noteForgotten(forgotten)
    this.#witnesses.noteRecorded(witnesses)
    this.#advanced(through)
    telemetry.itemsQuarantined.add(refused.length, { sink: name })
    const [first] = items
    if (first !== undefined)
      this.#activity?.recordsRefused({ sink: name, records: items.length, reason: first.reason })
  }

  #advanced(through: Position): void {
    const before = this.#standing?.acknowledged.offset ?? 0
    if (this.#standing !== undefined) this.#standing = { ...this.#standing, acknowledged: through }
    telemetry.recordsDelivered.add(Math.max(0, through.offset - before), { sink: this.#setup.name })
  }
}
