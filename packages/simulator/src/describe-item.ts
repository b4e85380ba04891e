/** What the simulator needs to know about an item that it did not generate. */
export interface ItemDescription {
  /** The Report ID, or null if there is none. */
  readonly reportId: string | null
  /** Whether the item is an object with at least one member. */
  readonly isRecord: boolean
  readonly location: string | null
}

/** Returns the description of an item, given its JSON text. */
export function describeItem(text: string): ItemDescription {
  const item = parsed(text)
  if (typeof item !== 'object' || item === null || Array.isArray(item) || Object.keys(item).length === 0) {
    return { reportId: null, isRecord: false, location: null }
  }
  const field = (name: string) => {
    const value: unknown = Reflect.get(item, name)
    return typeof value === 'string' && value !== '' ? value : null
  }
  return { reportId: field('Report ID'), isRecord: true, location: field('Location') }
}

/** Accepts text that is not JSON, so that a test can insert an item that makes its page malformed. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
