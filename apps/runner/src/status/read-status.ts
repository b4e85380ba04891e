import {
  coverageEdgeSec,
  coverageFrontierSec,
  type Progress,
  spansAtLevel,
  type Terms,
  unreadSpans,
} from '@cdrstream/core'
import type { Budget, RequestKind } from '@cdrstream/core/budget'
import type { AmountLeft, JournalSnapshot, LockHolder, SqliteJournal } from '@cdrstream/journal-sqlite'
import type { Configuration, OrgConfiguration } from '../configuration/configuration.ts'
import { orgScope } from '../org-scope.ts'
import { subjectId } from '../states/state-board.ts'
import { orgCatchUp, sinkCatchUp } from './catch-up-status.ts'
import { isoTime } from './iso-time.ts'
import { signInStatus } from './sign-in-status.ts'
import { type Reporting, reportingOf, stateStatus } from './state-status.ts'
import type { BudgetStatus, CoverageStatus, OrgStatus, SignInStatus, SinkStatus, Status } from './status.ts'
import { expiredBeforeSec, lengthSec, unreadNow } from './unread-now.ts'

/** Reads the status from the journal and the stored sign-ins. Changes nothing. */
export async function readStatus(
  configuration: Pick<Configuration, 'orgs' | 'sinkNames' | 'journal' | 'terms'>,
  journal: Pick<SqliteJournal, 'inspect' | 'budget' | 'read' | 'states' | 'roomBytes'>,
  holder: LockHolder | undefined,
  nowMs: number,
): Promise<Status> {
  const snapshot = await journal.inspect()
  const reported = await journal.states()
  const reporting = reportingOf(reported, holder, nowMs)
  const { orgs, sinkNames, terms } = configuration
  const sharing = new Map<string, number>()
  for (const { credential } of orgs) sharing.set(credential, (sharing.get(credential) ?? 0) + 1)
  const quarantined = sum(snapshot.quarantined.map(({ items }) => items))
  return {
    at: isoTime(nowMs),
    collector:
      holder === undefined ? null : { pid: holder.pid, host: holder.host, since: isoTime(holder.sinceMs) },
    reportedAt: reported.atMs === null ? null : isoTime(reported.atMs),
    orgs: await Promise.all(
      orgs.map(async (org) => {
        const budget = await journal.budget(org.credential)
        const signIn = await signInStatus(configuration, org, nowMs)
        const orgsOfCredential = sharing.get(org.credential) ?? 1
        return orgStatus(org, snapshot, { budget, signIn, reporting, terms, orgsOfCredential })
      }),
    ),
    sinks: await Promise.all(sinkNames.map((name) => sinkStatus(name, snapshot, journal, reporting))),
    journal: {
      path: configuration.journal.path,
      end: snapshot.end.offset,
      records: snapshot.end.offset - snapshot.start.offset,
      quarantined,
      bytes: snapshot.bytes.file + snapshot.bytes.wal,
      roomBytes: await journal.roomBytes(),
    },
  }
}

interface OrgFacts {
  readonly budget: Budget
  readonly signIn: SignInStatus
  readonly reporting: Reporting
  readonly terms: Terms
  readonly orgsOfCredential: number
}

function orgStatus(
  org: OrgConfiguration,
  { scopes, quarantined }: JournalSnapshot,
  { budget, signIn, reporting, terms, orgsOfCredential }: OrgFacts,
): OrgStatus {
  const { nowMs } = reporting
  const scope = orgScope(org)
  const progress = scopes.find((other) => other.scope === scope)?.progress
  const atTheDoor = quarantined.filter((count) => count.org === org.name && count.sink === null)
  const coverage = progress === undefined ? null : coverageStatus(progress, terms, nowMs)
  const state = stateStatus('org', org.name, reporting)
  const unreadSeconds = coverage?.unreadSeconds ?? 0
  const before = leftBefore('org', org.name, reporting)
  return {
    name: org.name,
    state,
    catchUp:
      state.state === 'catching-up'
        ? orgCatchUp({ before, unreadSeconds, terms, orgsOfCredential, nowMs })
        : null,
    coverage,
    quarantined: sum(atTheDoor.map(({ items }) => items)),
    budget: budgetStatus(org.credential, budget, terms, nowMs),
    signIn,
  }
}

function coverageStatus(progress: Progress, terms: Terms, nowMs: number): CoverageStatus {
  const { coverage, originSec, auditedToSec } = progress
  const edgeSec = coverageEdgeSec(coverage, originSec)
  const expiredSec = expiredBeforeSec(terms, nowMs)
  const unread = unreadNow(progress, terms, nowMs)
  // A span that expired while no collector was running is a gap that has not been recorded yet.
  const expired =
    expiredSec > originSec ? unreadSpans(coverage, { fromSec: originSec, toSec: expiredSec }) : []
  const gaps = [...spansAtLevel(coverage, 'gap'), ...expired].sort((a, b) => a.fromSec - b.fromSec)
  const [oldest] = unread
  return {
    origin: isoTime(originSec * 1_000),
    completeThrough: isoTime(coverageFrontierSec(coverage, originSec) * 1_000),
    newestRead: isoTime(edgeSec * 1_000),
    newestReadAgeSeconds: Math.round(nowMs / 1_000 - edgeSec),
    unreadSeconds: lengthSec(unread),
    oldestUnreadExpiresInSeconds: oldest === undefined ? null : oldest.fromSec - expiredSec,
    gapSeconds: lengthSec(gaps),
    gaps: gaps.map(({ fromSec, toSec }) => ({ from: isoTime(fromSec * 1_000), to: isoTime(toSec * 1_000) })),
    doubtfulSeconds: lengthSec(spansAtLevel(coverage, 'doubtful')),
    readSeconds: lengthSec(spansAtLevel(coverage, 'read')),
    finalSeconds: lengthSec(spansAtLevel(coverage, 'final')),
    auditedThrough: isoTime(auditedToSec * 1_000),
  }
}

function budgetStatus(credential: string, budget: Budget, terms: Terms, nowMs: number): BudgetStatus {
  const { notBeforeMs, limitedInARow, foreignUse } = budget
  const pushedBack = notBeforeMs > nowMs
  const left = (kind: RequestKind) => (pushedBack ? 0 : requestsLeft(budget, kind, terms, nowMs))
  return {
    credential,
    initialRequestsLeft: left('initial'),
    pageRequestsLeft: left('page'),
    pushedBackUntil: pushedBack ? isoTime(notBeforeMs) : null,
    pushedBackInARow: limitedInARow,
    sharedSince: foreignUse === undefined ? null : isoTime(foreignUse.sinceMs),
  }
}

export function requestsLeft(budget: Budget, kind: RequestKind, terms: Terms, nowMs: number): number {
  const { count, perMs } = kind === 'initial' ? terms.initialRequests : terms.pageRequests
  const counting = budget.slots.filter(
    (slot) => slot.kind === kind && (slot.countsFromMs === null || slot.countsFromMs + perMs > nowMs),
  )
  return Math.max(0, count - counting.length)
}

/** Returns a sink's progress, from the journal alone. */
export async function sinkStatus(
  name: string,
  { start, sinks, sinkGaps, quarantined, end }: JournalSnapshot,
  journal: Pick<SqliteJournal, 'read'>,
  reporting: Reporting,
): Promise<SinkStatus> {
  const { nowMs } = reporting
  const known = sinks.find(({ sink }) => sink === name)
  const from = known === undefined || known.position.offset < start.offset ? start : known.position
  const { records } = await journal.read(from, { records: 1, bytes: 1 })
  const [oldest] = records
  const state = stateStatus('sink', name, reporting)
  const lagRecords = known?.lagRecords ?? end.offset - start.offset
  const gaps = sinkGaps.filter(({ sink }) => sink === name)
  return {
    name,
    state,
    catchUp:
      state.state === 'catching-up'
        ? sinkCatchUp(leftBefore('sink', name, reporting), lagRecords, nowMs)
        : null,
    position: known?.position.offset ?? null,
    lagRecords,
    lagSeconds: oldest === undefined ? 0 : Math.max(0, Math.round((nowMs - oldest.acceptedAtMs) / 1_000)),
    lostRecords: sum(gaps.map(({ from, to }) => to.offset - from.offset)),
    lostAt: latestTime(gaps.map(({ atMs }) => atMs)),
    quarantined: sum(quarantined.filter(({ sink }) => sink === name).map(({ items }) => items)),
  }
}

function leftBefore(subject: 'org' | 'sink', name: string, { states }: Reporting): AmountLeft | null {
  return states.get(subjectId({ subject, name }))?.leftBefore ?? null
}

function latestTime(times: readonly number[]): string | null {
  return times.length === 0 ? null : isoTime(times.reduce((latest, ms) => Math.max(latest, ms)))
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}
