/**
 * The sink does not do what a check expects. The one-line message contains what was expected and what was
 * found.
 */
export class CheckFailure extends Error {
  override readonly name = 'CheckFailure'
}

/** Throws a CheckFailure unless the condition holds. */
export function expectThat(holds: boolean, expectedAndFound: () => string): asserts holds {
  if (!holds) throw new CheckFailure(expectedAndFound())
}

/** Longer than the final text, because secrets must be hidden before it is shortened. */
const maxCharacters = 5_000

/** Returns an error or a value as one line. */
export function oneLineOf(cause: unknown): string {
  const text = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause)
  return text.replaceAll(/\s+/g, ' ').slice(0, maxCharacters)
}
