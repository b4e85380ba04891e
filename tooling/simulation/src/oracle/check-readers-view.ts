import type { StoredRow } from '../sinks/stored-row.ts'
import type { OrgNames } from '../world/org-names.ts'
import type { SinkPlace } from '../world/sink-place.ts'
import { mayBeMissing, type SinkRecordings } from './check-delivery.ts'
import type { Findings } from './findings.ts'
import type { Acceptance, JournalBook } from './journal-book.ts'

export interface ReaderFacts {
  readonly book: JournalBook
  readonly names: OrgNames
  readonly findings: Findings
  /** Whether keys may be forgotten. The journal then accepts known content again, as a new revision. */
  readonly forgetsKeys: boolean
}

/**
 * Checks what a reader of the sink sees: each revision once, the right revision on top, and nothing that was
 * never sent.
 */
export function checkReadersView(place: SinkPlace, recordings: SinkRecordings, facts: ReaderFacts): void {
  const { names, findings } = facts
  const byContent = new Map<string, number>()
  const homes = new Map<string, string>()
  const top = new Map<string, StoredRow>()
  for (const row of place.store.rows()) {
    const org = names.first(row.org)
    const accepted = facts.book
      .everAccepted(org, row.content)
      .filter(({ key, rank, home }) => key === row.key && rank === row.rank && home === row.home)
    if (accepted.length === 0)
      findings.add('invented', `${place.name}: ${row.org} ${row.key} rank ${row.rank}`)
    count(byContent, `${row.org}|${row.content}`)
    const id = `${org}|${row.key}`
    if ((homes.get(id) ?? row.home) !== row.home && facts.book.losses === 0 && !facts.forgetsKeys) {
      findings.add('two-homes', `${place.name}: ${id} in ${homes.get(id)} and ${row.home}`)
    }
    homes.set(id, row.home)
    if ((top.get(id)?.rank ?? -1) < row.rank) top.set(id, row)
  }
  checkOnce(place, byContent, facts)
  checkTop(place, top, recordings, facts)
}

/**
 * Checks that a table has at most one row per accepted revision, and a file at most one line per acceptance
 * and loss of the journal, after which delivery starts over. Counts each name of an org separately, because
 * records that were written but not acknowledged are sent again under the new name.
 */
function checkOnce(
  place: SinkPlace,
  byContent: ReadonlyMap<string, number>,
  { book, names, findings }: ReaderFacts,
): void {
  const { idempotence } = place.store.traits
  if (idempotence === 'none') return
  const isLines = place.plan.store === 'lines'
  for (const [id, times] of byContent) {
    const [org = '', content = ''] = id.split('|')
    const accepted = book.everAccepted(names.first(org), content)
    const allowed = isLines
      ? accepted.length * (1 + book.losses)
      : new Set(accepted.map(({ key, rank }) => `${key}|${rank}`)).size
    if (times > allowed)
      findings.add('shown-twice', `${place.name}: ${id} ${times} times, allowed ${allowed} times`)
  }
}

/**
 * Checks that, of the revisions that the sink should have, a reader sees the one with the latest Report time
 * and, if several share it, the last accepted. The order of acceptance is lost with the journal or if keys
 * are forgotten.
 */
function checkTop(
  place: SinkPlace,
  top: ReadonlyMap<string, StoredRow>,
  recordings: SinkRecordings,
  { book, findings, forgetsKeys }: ReaderFacts,
): void {
  const revisions = new Map<string, Acceptance[]>()
  for (const record of book.acceptances) {
    const id = `${record.org}|${record.key}`
    revisions.set(id, [...(revisions.get(id) ?? []), record])
  }
  for (const [id, all] of revisions) {
    const expected = all.filter((record) => !mayBeMissing(record, recordings))
    const [first, ...others] = expected
    const shown = top.get(id)
    if (first === undefined || others.length === 0 || shown === undefined) continue
    const latestMs = Math.max(...expected.map(reportOrAcceptance))
    const latest = expected.filter((record) => reportOrAcceptance(record) === latestMs)
    const orderIsKnown = book.losses === 0 && !forgetsKeys
    const right = orderIsKnown ? latest.slice(-1) : latest
    const isOlder = book.losses > 0 && !all.some(({ content }) => content === shown.content)
    if (isOlder || right.some(({ content }) => content === shown.content)) continue
    findings.add(
      'shown-outdated',
      `${place.name}: ${id} shows rank ${shown.rank} instead of ${right.map(({ rank }) => rank)}`,
    )
  }
}

function reportOrAcceptance({ reportMs, acceptedAtMs }: Acceptance): number {
  return reportMs ?? acceptedAtMs
}

function count(counts: Map<string, number>, id: string): void {
  counts.set(id, (counts.get(id) ?? 0) + 1)
}
