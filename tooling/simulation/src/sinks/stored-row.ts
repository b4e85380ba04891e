import type { CdrRecord } from '@cdrstream/plugin'
import { contentOf } from '@cdrstream/simulator'

/** A row as a reader of a sink sees it. */
export interface StoredRow extends Pick<CdrRecord, 'org' | 'key' | 'rank' | 'home'> {
  /** A digest of the text. */
  readonly content: string
}

export function storedRow({ org, key, rank, home, text }: CdrRecord): StoredRow {
  return { org, key, rank, home, content: contentOf(text) }
}
