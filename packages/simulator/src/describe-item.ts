/** What the simulator has to know of an item that it did not make. */
export interface ItemDescription {
  /** The Report ID; null where there is none. */
  readonly reportId: string | null
  /** Any object but an empty one. */
  readonly isRecord: boolean
  readonly location: string | null
}

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

/** Text that is no JSON is an item too: it spoils its page. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
