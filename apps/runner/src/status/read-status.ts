import {
  coverageEdgeSec,
  coverageFrontierSec,
  type Progress,
  type Span,
  spansAtLevel,
  type Terms,
  unreadSpans,
} from '@cdrstream/core'
import type { Budget, RequestKind } from '@cdrstream/core/budget'
import type { JournalSnapshot, LockHolder, SqliteJournal } from '@cdrstream/journal-sqlite'
import type { Configuration, OrgConfiguration } from '../configuration/configuration.ts'
import { orgScope } from '../org-scope.ts'
import { isoTime } from './iso-time.ts'
import { signInStatus } from './sign-in-status.ts'
import type { BudgetStatus, CoverageStatus, OrgStatus, SignInStatus, SinkStatus, Status } from './status.ts'

/** Reads the status from the journal and the stored sign-ins. Changes nothing. */
export async function readStatus(
  configuration: Pick<Configuration, 'orgs' | 'sinkNames' | 'journal' | 'terms'>,
  journal: Pick<SqliteJournal, 'inspect' | 'budget' | 'read'>,
  holder: LockHolder | undefined,
  nowMs: number,
): Promise<Status> {
  const snapshot = await journal.inspect()
  const { orgs, sinkNames, terms } = configuration
  const quarantined = sum(snapshot.quarantined.map(({ items }) => items))
  return {
    at: isoTime(nowMs),
    collector:
      holder === undefined ? null : { pid: holder.pid, host: holder.host, since: isoTime(holder.sinceMs) },
    orgs: await Promise.all(
      orgs.map(async (org) => {
        const signIn = await signInStatus(configuration, org, nowMs)
        return orgStatus(org, snapshot, await journal.budget(org.credential), signIn, terms, nowMs)
      }),
    ),
    sinks: await Promise.all(sinkNames.map((name) => sinkStatus(name, snapshot, journal, nowMs))),
    journal: {
      path: configuration.journal.path,
      end: snapshot.end.offset,
      records: snapshot.end.offset - snapshot.start.offset,
      quarantined,
      bytes: snapshot.bytes.file + snapshot.bytes.wal,
    },
  }
}

function orgStatus(
  org: OrgConfiguration,
  { scopes, quarantined }: JournalSnapshot,
  budget: Budget,
  signIn: SignInStatus,
  terms: Terms,
  nowMs: number,
): OrgStatus {
  const scope = orgScope(org)
  const progress = scopes.find((other) => other.scope === scope)?.progress
  const atTheDoor = quarantined.filter((count) => count.org === org.name && count.sink === null)
  return {
    name: org.name,
    coverage: progress === undefined ? null : coverageStatus(progress, terms, nowMs),
    quarantined: sum(atTheDoor.map(({ items }) => items)),
    budget: budgetStatus(org.credential, budget, terms, nowMs),
    signIn,
  }
}

function coverageStatus(progress: Progress, { stream }: Terms, nowMs: number): CoverageStatus {
  const { coverage, originSec, auditedToSec } = progress
  const edgeSec = coverageEdgeSec(coverage, originSec)
  const headSec = Math.floor((nowMs - stream.settleMs) / 1_000)
  const expiredSec = Math.ceil((nowMs - stream.retentionMs) / 1_000)
  const within = { fromSec: Math.max(originSec, expiredSec), toSec: headSec }
  const unread = within.fromSec < within.toSec ? unreadSpans(coverage, within) : []
  // What expired while no collector was running is a gap that has not been recorded yet.
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

/** Returns how far a sink has come, from the journal alone. */
export async function sinkStatus(
  name: string,
  { start, sinks, sinkGaps, quarantined, end }: JournalSnapshot,
  journal: Pick<SqliteJournal, 'read'>,
  nowMs: number,
): Promise<SinkStatus> {
  const known = sinks.find(({ sink }) => sink === name)
  const from = known === undefined || known.position.offset < start.offset ? start : known.position
  const { records } = await journal.read(from, { records: 1, bytes: 1 })
  const [oldest] = records
  return {
    name,
    position: known?.position.offset ?? null,
    lagRecords: known?.lagRecords ?? end.offset - start.offset,
    lagSeconds: oldest === undefined ? 0 : Math.max(0, Math.round((nowMs - oldest.acceptedAtMs) / 1_000)),
    lostRecords: sum(
      sinkGaps.filter(({ sink }) => sink === name).map((gap) => gap.to.offset - gap.from.offset),
    ),
    quarantined: sum(quarantined.filter(({ sink }) => sink === name).map(({ items }) => items)),
  }
}

function lengthSec(spans: readonly Span[]): number {
  return sum(spans.map(({ fromSec, toSec }) => toSec - fromSec))
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}
