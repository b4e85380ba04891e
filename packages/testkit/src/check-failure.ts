/**
 * The sink does not do what the check expects. The message says in one line what was expected and what was
 * found.
 */
export class CheckFailure extends Error {
  override readonly name = 'CheckFailure'
}

/** Throws unless it holds. */
export function expectThat(holds: boolean, expectedAndFound: () => string): asserts holds {
  if (!holds) throw new CheckFailure(expectedAndFound())
}

/** Longer than what is shown in the end, where secrets are hidden before the text is cut. */
const mostCharacters = 5_000

/** An error or a value, in one line. */
export function oneLineOf(cause: unknown): string {
  const text = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause)
  return text.replaceAll(/\s+/g, ' ').slice(0, mostCharacters)
}
