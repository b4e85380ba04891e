import { type Digest, type IdentifiedItem, type Item, identifyItem } from '@cdrstream/core'

/** A full page of typical records has about 14,000,000 characters. */
const maxContentCharacters = 16_000_000

/**
 * Returns a function that identifies the items of one page, in order. Canonical contents are kept only up to
 * a limit: they save work for a sink that keeps up, but for a 64 MB page they would take 128 MB of memory
 * until delivery.
 */
export function identifyPage(
  digest: Digest,
  maxCharacters = maxContentCharacters,
): (item: Item) => IdentifiedItem {
  let characters = 0
  return (item) => {
    const identified = identifyItem(item, digest)
    if (identified.kind === 'unusable' || identified.content === undefined) return identified
    characters += identified.content.length
    return characters <= maxCharacters ? identified : { ...identified, content: undefined }
  }
}
