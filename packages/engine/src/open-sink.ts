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
 * Returns the standing of a sink. If the sink is new, records where delivery starts: `from: now` is this
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

/** How delivery to an opened sink starts. */
export interface StartedSink extends DeliveryStart {
  readonly kind: 'started'
  /** The position reported by the sink, if delivery resumes from it. */
  readonly stored: Position | undefined
  /** Offsets after the position that are in quarantine for the sink. */
  readonly refused: readonly number[]
  /** In a replay: the offset that the sink itself reports. */
  readonly provenTo: number | undefined
  /** The journal's current data about the sink. */
  readonly standing: SinkStanding
  /**
   * Spans whose witnesses the sink no longer has. They stay valid until the sink has been written to again.
   */
  readonly emptied: readonly string[]
}

/** The calls to make while opening the sink. */
export interface OpeningCalls {
  holds(
    holds: NonNullable<SinkSession['holds']>,
    records: readonly RecordReference[],
  ): Promise<Called<readonly Presence[]>>
  readonly nowMs: WholeMs
  /** Retracts what the sink's marks claim about records accepted since then; null for all records. */
  retract(sinceMs: number | null): Promise<void>
}

/**
 * Determines where delivery to an opened sink starts, and records it. Returns `thrown` if the sink did not
 * report what it still has; nothing was recorded in this case.
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
  const { first, acknowledged, witnesses, replayTo } = standing
  const answered = await answeredWitnesses(session, witnesses, calls)
  if ('kind' in answered) return answered
  const isStoredKnown = stored ? await journal.owns(stored) : false
  // A database restored together with its position receives everything after that position again.
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
    replayTo,
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
  // This must come first: once the journal knows the new position, nothing shows that a mark claims too much.
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
    provenTo: reason === 'replayed' && stored ? stored.offset : undefined,
    standing: { ...standing, acknowledged: position },
    emptied: reason === 'emptied' ? emptied.map(({ span }) => span) : [],
  }
}

/** The offset before the first record of any journal. */
const journalStart = -1
const nonePassed: PassedRecords = { absent: [], gap: null }
const passedBy = 'the sink is past this record without having it: the journal was restored from a copy'

/** Asks the sink which witnesses it has. A sink that cannot answer is assumed to have everything. */
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
