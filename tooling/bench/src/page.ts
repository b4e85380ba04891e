import { createHash } from 'node:crypto'
import { type AcceptedRecord, acceptRecords, identifyItem, wholeMs } from '@cdrstream/core'
import { createSimulator, documentedTerms } from '@cdrstream/simulator'

/** A page of 5,000 records, in each form that a stage starts from. */
export interface Page {
  /** The body of the response. */
  readonly text: string
  readonly texts: readonly string[]
  readonly records: readonly PageRecord[]
}

export type PageRecord = AcceptedRecord & { readonly text: string }

const pageSize = 5_000
const nowMs = Date.UTC(2026, 8, 24, 12)
const minuteMs = 60_000

/** Returns this many different pages. */
export function makePages(count: number): readonly Page[] {
  return Array.from({ length: count }, (_, index) => makePage(index + 1))
}

function makePage(seed: number): Page {
  const simulator = createSimulator({
    seed,
    clock: { nowMs: () => nowMs },
    orgs: [{ name: 'acme', token: 'token', recordsPerMinute: pageSize / 2 }],
    terms: documentedTerms,
    sinceMs: nowMs - 10 * minuteMs,
  })
  const at = (ms: number) => new Date(ms).toISOString()
  const answer = simulator.handle({
    method: 'GET',
    url: `/v1/cdr_stream?startTime=${at(nowMs - 10 * minuteMs)}&endTime=${at(nowMs - minuteMs)}&max=${pageSize}`,
    headers: { authorization: 'Bearer token' },
  })
  const items = (JSON.parse(answer.body) as { items: unknown[] }).items.map((value) => {
    const text = JSON.stringify(value)
    return { kind: 'parsed' as const, text, bytes: Buffer.from(text), value }
  })
  if (items.length !== pageSize)
    throw new Error(`the page has ${items.length} records instead of ${pageSize}`)
  const identities = items.map((item) => identifyItem(item, digest))
  const records = identities.filter((identity) => identity.kind === 'record')
  return {
    text: answer.body,
    texts: items.map(({ text }) => text),
    records: acceptRecords(records, new Map(), 'stream', wholeMs(nowMs)).map((record) => ({
      ...record,
      text: Buffer.from(record.bytes).toString(),
    })),
  }
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
