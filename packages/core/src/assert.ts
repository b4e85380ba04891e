/** Thrown if an invariant is broken: a bug in this program, or stored data that it did not write. */
export class BrokenInvariant extends Error {
  override readonly name = 'BrokenInvariant'
  readonly code = 'broken-invariant'
}

/** Throws a `BrokenInvariant` with this message if the condition is false. */
export function assert(condition: boolean, message: string): asserts condition {
  if (!condition) throw new BrokenInvariant(message)
}
