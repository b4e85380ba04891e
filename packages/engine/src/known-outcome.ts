import type {
  Accepted,
  Flushed,
  FlushOutcome,
  Opened,
  OpenOutcome,
  Refusal,
  SinkSession,
  WriteOutcome,
} from '@cdrstream/plugin'

const openOutcomes = ['opened', 'retry', 'failed'] as const
const flushOutcomes = ['accepted', 'retry', 'failed'] as const
const writeOutcomes = ['accepted', 'refused', 'rejected', 'retry', 'failed'] as const

/**
 * Returns the outcome if it is one of these kinds, and throws otherwise. A sink written in JavaScript can
 * return anything.
 */
function knownOutcome<Outcome extends { readonly kind: string }>(
  outcome: Outcome,
  kinds: readonly Outcome['kind'][],
): Outcome {
  const kind: unknown = (outcome as Outcome | null | undefined)?.kind
  if (kinds.some((known) => known === kind)) return outcome
  throw new TypeError(`expected an outcome of kind ${kinds.join(', ')}, found ${describe(outcome)}`)
}

/** Returns the outcome of `write`. Throws if it is malformed. */
export function knownWrite(outcome: WriteOutcome): WriteOutcome {
  const { kind, refused, again, through } = knownOutcome(outcome, writeOutcomes) as Accepted
  assertList('refused', refused, (item) => typeof (item as Refusal | null)?.index === 'number')
  assertList('again', again, (item) => typeof item === 'number')
  if (kind === 'accepted') assertPosition(through)
  return outcome
}

/** Returns the outcome of `flush`; a missing one counts as accepted. Throws if it is malformed. */
export function knownFlush(outcome: FlushOutcome | undefined): FlushOutcome {
  if (outcome === undefined) return { kind: 'accepted' }
  if (knownOutcome(outcome, flushOutcomes).kind === 'accepted') assertPosition((outcome as Flushed).through)
  return outcome
}

/** Returns the outcome of `open`. Throws if it is malformed. */
export function knownOpen(outcome: OpenOutcome): OpenOutcome {
  const { kind, session } = knownOutcome(outcome, openOutcomes) as Opened
  if (kind === 'opened' && typeof (session as SinkSession | undefined)?.write !== 'function') {
    throw new TypeError('expected a session with a write function')
  }
  return outcome
}

function assertList(name: string, list: unknown, isItem: (item: unknown) => boolean): void {
  if (list === undefined || (Array.isArray(list) && list.every(isItem))) return
  throw new TypeError(`expected a list of indexes in "${name}"`)
}

function assertPosition(through: unknown): void {
  if (through === undefined || (typeof through === 'object' && through !== null)) return
  throw new TypeError('expected a position in "through"')
}

function describe(outcome: { readonly kind: unknown } | null | undefined): string {
  if (typeof outcome !== 'object' || outcome === null) return outcome === null ? 'null' : typeof outcome
  if (typeof outcome.kind !== 'string') return 'an object without a kind'
  return /^[a-z-]{1,20}$/.test(outcome.kind) ? `kind "${outcome.kind}"` : 'an unknown kind'
}
