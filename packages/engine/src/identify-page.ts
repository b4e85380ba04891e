import { type Digest, type Identity, identifyItem } from '@cdrstream/core'
import type { Item } from './ports/index.ts'

/** A full page of usual records has about 14,000,000. */
const mostContentCharacters = 16_000_000

/**
 * Returns what identifies the items of one page, in order. Canonical contents are kept only until there are
 * many: they save a sink that keeps up some work, but those of a page of 64 MB would take 128 MB of memory
 * until it has them.
 */
export function identifyPage(
  digest: Digest,
  mostCharacters = mostContentCharacters,
): (item: Item) => Identity {
  let characters = 0
  return (item) => {
    const identity = identifyItem(item, digest)
    if (identity.kind === 'no-record' || identity.content === undefined) return identity
    characters += identity.content.length
    return characters <= mostCharacters ? identity : { ...identity, content: undefined }
  }
}
