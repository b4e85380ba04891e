import { type Digest, type IdentifiedItem, type Item, identifyItem } from '@cdrstream/core'

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
): (item: Item) => IdentifiedItem {
  let characters = 0
  return (item) => {
    const identified = identifyItem(item, digest)
    if (identified.kind === 'unusable' || identified.content === undefined) return identified
    characters += identified.content.length
    return characters <= mostCharacters ? identified : { ...identified, content: undefined }
  }
}
