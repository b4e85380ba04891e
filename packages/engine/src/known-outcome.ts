/** Returns the outcome if it is one of these kinds, and throws otherwise: a sink in JavaScript may return anything. */
export function knownOutcome<Outcome extends { readonly kind: string }>(
  outcome: Outcome,
  kinds: readonly Outcome['kind'][],
): Outcome {
  const kind: unknown = (outcome as Outcome | null | undefined)?.kind
  if (kinds.some((known) => known === kind)) return outcome
  throw new TypeError(`expected an outcome of kind ${kinds.join(', ')}, found ${describe(outcome)}`)
}

function describe(outcome: { readonly kind: unknown } | null | undefined): string {
  if (typeof outcome !== 'object' || outcome === null) return outcome === null ? 'null' : typeof outcome
  return typeof outcome.kind === 'string' ? `kind "${outcome.kind.slice(0, 40)}"` : 'an object without a kind'
}
