import { createHash } from 'node:crypto'
import { type AcceptedRecord, type Progress, wholeMs } from '@cdrstream/core'
import type { PageCommit } from '@cdrstream/engine'

export const dayMs = 86_400_000
export const exampleStartMs = wholeMs(Date.UTC(2026, 10, 24))

/** Returns a page that depends only on its number, so that a test knows every byte it must read back. */
export function examplePage(
  number: number,
  changes: Partial<PageCommit> & { count?: number; textLength?: number } = {},
): PageCommit {
  const { count = 3, textLength = 40, ...fields } = changes
  const acceptedAtMs = wholeMs(exampleStartMs + number)
  return {
    org: 'acme',
    scope: 'acme',
    progress: exampleProgress(number),
    records: Array.from({ length: count }, (_, index) =>
      exampleRecord(`${number}/${index}`, { acceptedAtMs }, textLength),
    ),
    quarantined: [],
    // The budget also holds the page number, so that a partial commit is detected.
    budget: { credential: 'token', change: (budget) => ({ ...budget, limitedInARow: number }) },
    ...fields,
  }
}

export function exampleRecord(
  name: string,
  changes: Partial<AcceptedRecord> = {},
  textLength = 40,
): AcceptedRecord {
  const digest = createHash('sha256').update(name).digest('hex')
  return {
    key: digest.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5'),
    fingerprint: digest.slice(32),
    rank: exampleStartMs * 2_048,
    home: '2026-11-24',
    acceptedAtMs: exampleStartMs,
    source: 'stream',
    isSuperseded: false,
    bytes: Buffer.from(
      JSON.stringify({
        name,
        city: 'Zürich 東京 📞',
        filler: digest.repeat(Math.ceil(textLength / 64)).slice(0, textLength),
      }),
    ),
    ...changes,
  }
}

/** Returns the text that the journal must return for this record. */
export function textOf({ bytes }: Pick<AcceptedRecord, 'bytes'>): string {
  return Buffer.from(bytes).toString()
}

export function exampleProgress(number: number): Progress {
  return {
    originSec: 1_000,
    coverage: [
      { fromSec: 1_000, toSec: 1_010, level: 'gap' },
      { fromSec: 1_010, toSec: 2_000 + number, level: 'read' },
    ],
    auditedToSec: number,
    deepAtSec: 7,
    doubts: [{ fromSec: 1_500, toSec: 1_600 }],
  }
}
