import { type DeliveryStart, deliveryStart, type WholeMs } from '@cdrstream/core'
import type { Opened, Position, Presence, SinkSession } from '@cdrstream/plugin'
import type { Called } from './call-sink.ts'
import type { SinkSetup } from './engine-options.ts'
import type { Journal, SinkStanding, Witness } from './ports/index.ts'

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
  /** Offsets after the position that are in quarantine for the sink. */
  readonly refused: readonly number[]
  /** What the journal knows of the sink now. */
  readonly standing: SinkStanding
  /**
   * Months whose witnesses the sink no longer has. They stay valid until the sink has been written to again.
   */
  readonly emptiedMonths: readonly string[]
}

export type AskHolds = (
  holds: NonNullable<SinkSession['holds']>,
  witnesses: readonly Witness[],
) => Promise<Called<readonly Presence[]>>

/** Finds out where delivery to an opened sink goes on, and records it. */
export async function startSink(
  setup: SinkSetup,
  { session, position: stored }: Opened,
  journal: Journal,
  askHolds: AskHolds,
): Promise<StartedSink> {
  const standing = await journal.sink(setup.name)
  if (standing === undefined) throw new Error(`the sink ${setup.name} is not registered`)
  const absent = await absentWitnesses(session, standing, askHolds)
  const start = deliveryStart({
    idempotence: setup.traits.idempotence,
    stored,
    isStoredKnown: stored ? await journal.owns(stored) : false,
    first: standing.first,
    acknowledged: standing.acknowledged,
    start: await journal.start(),
    isEmptied: absent.length > 0,
  })
  const { position, gap, reason } = start
  await journal.startSink(setup.name, position, {
    gap: gap && { ...gap, sinceMs: reason === 'emptied' ? lostSinceMs(absent, standing.witnesses) : null },
  })
  const emptied = reason === 'emptied' && absent.length === 0 ? standing.witnesses : absent
  return {
    ...start,
    refused: await journal.refusedAfter(setup.name, position.offset),
    standing: { ...standing, acknowledged: position },
    emptiedMonths: emptied.map(({ month }) => month),
  }
}

/** What the sink does not have any more. A sink that cannot tell has everything. */
async function absentWitnesses(
  session: SinkSession,
  { witnesses }: SinkStanding,
  askHolds: AskHolds,
): Promise<readonly Witness[]> {
  if (session.holds === undefined || witnesses.length === 0) return []
  const { outcome } = await askHolds(session.holds.bind(session), witnesses)
  if (!Array.isArray(outcome)) return []
  return witnesses.filter((_, index) => outcome[index] === 'absent')
}

const dayMs = 86_400_000

/**
 * When the oldest lost record was accepted at the earliest: at most a day before its home. Null: nobody
 * knows, because the sink has none of the witnesses. Records that were delivered before there were witnesses
 * are lost as well.
 */
function lostSinceMs(absent: readonly Witness[], all: readonly Witness[]): number | null {
  const [oldest] = absent.length < all.length ? absent.map(({ month }) => month).sort() : []
  return oldest === undefined ? null : Date.parse(`${oldest}-01T00:00:00Z`) - dayMs
}
