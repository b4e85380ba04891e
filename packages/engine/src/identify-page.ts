import { type Digest, type Identity, identifyItem } from '@cdrstream/core'
import type { Item } from './ports/index.ts'

/** A full page of usual records has about 14,000,000 characters. */
const maxContentCharacters = 16_000_000

/**
 * Returns a function that identifies the items of one page, in order. Canonical contents are kept only up to
 * a limit: they save work for a sink that keeps up, but those of a 64 MB page would take 128 MB of memory
 * until they are delivered.
 */
export function identifyPage(digest: Digest, maxCharacters = maxContentCharacters): (item: Item) => Identity {
  let characters = 0
  return (item) => {
    const identity = identifyItem(item, digest)
    if (identity.kind === 'no-record' || identity.content === undefined) return identity
    characters += identity.content.length
    return characters <= maxCharacters ? identity : { ...identity, content: undefined }
  }
}
