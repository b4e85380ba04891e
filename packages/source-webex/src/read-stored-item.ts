import { isUtf8 } from 'node:buffer'
import type { Item } from '@cdrstream/core'
import { usualBounds } from './page-bounds.ts'
import { readItem } from './read-item.ts'

/** Reads an item from an earlier page again, as if the API had just returned it. */
export function readStoredItem(stored: Uint8Array): Item {
  const bytes = Buffer.from(stored.buffer, stored.byteOffset, stored.byteLength)
  const found = readItem({ bytes, isUtf8: isUtf8(bytes), bounds: usualBounds }, 0)
  if (found?.end === bytes.length) return found.item
  const text = bytes.toString()
  return { kind: 'unreadable', bytes, text, totalBytes: bytes.length, flaw: 'invalid JSON' }
}
