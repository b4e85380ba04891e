import {
  type AnsweredWitness,
  acceptedSinceMs,
  type DeliveryStart,
  deliveryStart,
  findLoss,
  type WholeMs,
} from '@cdrstream/core'
import type { Opened, Position, Presence, RecordReference, SinkSession } from '@cdrstream/plugin'
import type { Called, Thrown } from './call-sink.ts'
import type { SinkSetup } from './engine-options.ts'
import { findPassed, type PassedRecords } from './passed-records.ts'
import type { Journal, SinkStanding, Witness } from './ports/index.ts'
import { refusedItem } from './refused-item.ts'

/**
 * Records where delivery to a sink begins, when the engine sees it for the first time: `from: now` is that
 * moment.
 */
export async function registerSink(
  { name, from }: SinkSetup,
  journal: Journal,
  nowMs: WholeMs,
): Promise<SinkStanding> {
  const known = await journal.sink(name)
  if (known !== undefined) return known
  await journal.registerSink(name, await firstPosition(from, journal), nowMs)
  const registered = await journal.sink(name)
  if (registered === undefined) throw new Error(`the journal did not register the sink ${name}`)
  return registered
}

function firstPosition(from: SinkSetup['from'], journal: Journal): Promise<Position> {
  if (from === 'earliest') return journal.start()
  return from === 'now' ? journal.end() : journal.positionAt(from)
}

export interface StartedSink extends DeliveryStart {
  readonly kind: 'started'
  /** The position that the sink says it has, where delivery goes on from there. */
  readonly stored: Position | undefined
  /** Offsets after the position that are in quarantine for the sink. */
  readonly refused: readonly number[]
  /** What the journal knows of the sink now. */
  readonly standing: SinkStanding
  /**
   * Spans whose witnesses the sink no longer has. They stay valid until the sink has been written to again.
   */
  readonly emptied: readonly string[]
}

/** How to speak to the session while it is being opened. */
export interface OpeningCalls {
  holds(
    holds: NonNullable<SinkSession['holds']>,
    records: readonly RecordReference[],
  ): Promise<Called<readonly Presence[]>>
  readonly nowMs: WholeMs
  /** Takes back what the sink's marks say of records accepted since then; null: of all. */
  retract(sinceMs: number | null): Promise<void>
}

/**
 * Finds out where delivery to an opened sink goes on, and records it. `thrown`: the sink did not say what it
 * still has, so nothing is known, and nothing was recorded.
 */
export async function startSink(
  setup: SinkSetup,
  { session, position: stored }: Opened,
  journal: Journal,
  calls: OpeningCalls,
): Promise<StartedSink | Thrown> {
  const { idempotence } = setup.traits
  const standing = await journal.sink(setup.name)
  if (standing === undefined) throw new Error(`the sink ${setup.name} is not registered`)
  const { first, acknowledged, witnesses } = standing
  const answered = await answeredWitnesses(session, witnesses, calls)
  if ('kind' in answered) return answered
  const isStoredKnown = stored ? await journal.owns(stored) : false
  // A database that was restored with its position gets again what is after that.
  const through = idempotence === 'position' && stored && isStoredKnown ? stored : acknowledged
  const loss = findLoss(answered, through)
  const refusedAfterStored =
    stored && isStoredKnown ? await journal.refusedAfter(setup.name, stored.offset) : []
  const start = deliveryStart({
    idempotence,
    stored,
    isStoredKnown,
    refused: refusedAfterStored,
    first,
    acknowledged,
    start: await journal.start(),
    loss,
  })
  const { position, gap, reason } = start
  const passed =
    reason === 'resumed' && isStoredKnown
      ? await findPassed(
          {
            acknowledged,
            stored: position,
            refused: await journal.refusedAfter(setup.name, journalStart),
          },
          journal,
          session,
          calls.holds,
        )
      : nonePassed
  if ('kind' in passed) return passed
  if (passed.absent.length > 0) {
    await journal.acknowledge(setup.name, {
      through: acknowledged,
      refused: passed.absent.map((record) =>
        refusedItem(setup.name, { record, reason: passedBy }, calls.nowMs),
      ),
    })
  }
  // First of all: once the journal knows the new position, nothing shows any more that a mark is too good.
  if (reason === 'emptied') await calls.retract(loss?.sinceMs ?? null)
  await journal.startSink(setup.name, position, {
    gap:
      gap === null
        ? passed.gap
        : { ...gap, sinceMs: loss === null ? acceptedSinceMs(witnesses, gap.from) : loss.sinceMs },
  })
  const emptied = loss === null ? witnesses : answered.filter(({ presence }) => presence === 'absent')
  return {
    ...start,
    kind: 'started',
    stored: reason === 'resumed' && isStoredKnown && stored ? stored : undefined,
    refused: await journal.refusedAfter(setup.name, position.offset),
    standing: { ...standing, acknowledged: position },
    emptied: reason === 'emptied' ? emptied.map(({ span }) => span) : [],
  }
}

/** Before the first record of any journal. */
const journalStart = -1
const nonePassed: PassedRecords = { absent: [], gap: null }
const passedBy =
  'the sink went past this record, and the journal does not know why: it was restored from a copy'

/** A sink that cannot tell has everything. */
async function answeredWitnesses(
  session: SinkSession,
  witnesses: readonly Witness[],
  calls: OpeningCalls,
): Promise<readonly AnsweredWitness[] | Thrown> {
  if (session.holds === undefined || witnesses.length === 0) return []
  const { outcome } = await calls.holds(session.holds.bind(session), witnesses)
  if ('kind' in outcome) return outcome
  return witnesses.map((witness, index) => ({ ...witness, presence: outcome[index] ?? 'unknown' }))
}
