import type { Terms } from '@cdrstream/core'
import { isoTime } from './iso-time.ts'
import { showBytes, showCount, showSpan } from './show-amount.ts'
import { showTime } from './show-time.ts'
import type { OrgStatus, SinkStatus, Status } from './status.ts'

/** A problem that requires attention. */
export interface StatusProblem {
  /** A stable code for programs. */
  readonly code:
    | 'journal'
    | 'no-collector'
    | 'no-report'
    | 'deadline'
    | 'disk-space'
    | 'paused'
    | 'gap'
    | 'records-lost'
    | 'lag'
  readonly subject: 'org' | 'sink' | null
  readonly name: string | null
  readonly message: string
}

export interface CheckLimits {
  /** The maximum age of an org's newest second, and the maximum time that a record can wait for a sink. */
  readonly maxLagMs: number
  readonly terms: Terms
  readonly minFreeDiskBytes: number
}

/** How long records stay available through the Webex feed. */
const feedMs = 30 * 86_400_000
/**
 * An unread second that expires within this time is a problem. The limit is lower for short stream retention.
 */
const deadlineMs = 3_600_000
const deadlineShare = 12

/** Returns the problems, starting with the most urgent kind. */
export function checkStatus(status: Status, limits: CheckLimits): readonly StatusProblem[] {
  const { orgs, sinks } = status
  return [
    ...checkCollector(status),
    ...orgs.flatMap((org) => checkDeadline(org, limits.terms)),
    ...checkDisk(status, limits),
    ...orgs.flatMap((org) => checkPaused('org', org)),
    ...sinks.flatMap((sink) => checkPaused('sink', sink)),
    ...orgs.flatMap((org) => checkGaps(org, Date.parse(status.at))),
    ...sinks.flatMap((sink) => checkLost(sink, Date.parse(status.at))),
    ...orgs.flatMap((org) => checkOrgLag(org, status, limits.maxLagMs)),
    ...sinks.flatMap((sink) => checkSinkLag(sink, limits.maxLagMs)),
  ]
}

/** Returns one line with the first problem of each kind, or `ok: …` if there are none. */
export function checkLine(problems: readonly StatusProblem[], { orgs, sinks }: Status): string {
  if (problems.length === 0) {
    const oldest = Math.max(0, ...orgs.map(({ coverage }) => coverage?.newestReadAgeSeconds ?? 0))
    const lag = Math.max(0, ...sinks.map(({ lagSeconds }) => lagSeconds))
    const amounts = `${showCount(orgs.length, 'org')}, ${showCount(sinks.length, 'sink')}`
    return `ok: ${amounts}; newest second read is ${showSpan(oldest)} old, largest sink lag ${showSpan(lag)}`
  }
  const codes = [...new Set(problems.map(({ code }) => code))]
  return `problem: ${codes
    .map((code) => {
      const [first, ...more] = problems.filter((problem) => problem.code === code)
      return `${first?.message}${more.length === 0 ? '' : ` (and ${more.length} more like it)`}`
    })
    .join('; ')}`
}

function checkCollector({ collector, orgs, sinks }: Status): readonly StatusProblem[] {
  const about = { subject: null, name: null }
  if (collector === null) return [{ ...about, code: 'no-collector', message: 'no collector is running' }]
  const silent = [...orgs, ...sinks].find(({ state }) => state.code === 'no-report')
  if (silent === undefined) return []
  return [
    { ...about, code: 'no-report', message: silent.state.cause ?? 'the collector has stopped reporting' },
  ]
}

function checkDeadline({ name, coverage }: OrgStatus, { stream }: Terms): readonly StatusProblem[] {
  const expiresIn = coverage?.oldestUnreadExpiresInSeconds ?? null
  const leastMs = Math.min(deadlineMs, stream.retentionMs / deadlineShare)
  if (expiresIn === null || expiresIn * 1_000 >= leastMs) return []
  const message = `org ${name}: the oldest unread minute expires in ${showSpan(expiresIn)}`
  return [{ code: 'deadline', subject: 'org', name, message }]
}

function checkDisk({ journal }: Status, { minFreeDiskBytes }: CheckLimits): readonly StatusProblem[] {
  if (journal.roomBytes > minFreeDiskBytes) return []
  const left =
    journal.roomBytes <= 0
      ? "collection is paused because the journal's disk is full"
      : `collection pauses after another ${showBytes(journal.roomBytes)} on the journal's disk are used`
  return [{ code: 'disk-space', subject: null, name: null, message: left }]
}

function checkPaused(
  subject: 'org' | 'sink',
  { name, state }: OrgStatus | SinkStatus,
): readonly StatusProblem[] {
  const known = state.last ?? state
  if (known.state !== 'paused') return []
  const why = [
    known.code === null ? '' : ` (${known.code})`,
    known.remedy === null ? '' : `: ${known.remedy}`,
  ]
  const message = `${subject} ${name} ${known === state ? 'is' : 'was'} paused${why.join('')}`
  return [{ code: 'paused', subject, name, message }]
}

/** Returns only gaps that the feed can still fill, because the user can act on them. */
function checkGaps({ name, coverage }: OrgStatus, nowMs: number): readonly StatusProblem[] {
  const gap = coverage?.gaps.findLast(({ to }) => Date.parse(to) > nowMs - feedMs)
  if (gap === undefined) return []
  const until = showTime(isoTime(Date.parse(gap.from) + feedMs))
  const message = `org ${name}: records from ${showTime(gap.from)} to ${showTime(gap.to)} expired unread; the feed (cdr_feed) has them until ${until}`
  return [{ code: 'gap', subject: 'org', name, message }]
}

function checkLost({ name, lostRecords, lostAt }: SinkStatus, nowMs: number): readonly StatusProblem[] {
  if (lostAt === null || Date.parse(lostAt) <= nowMs - feedMs) return []
  const message = `sink ${name}: ${showCount(lostRecords, 'record')} left the journal before the sink had received them, the last at ${showTime(lostAt)}`
  return [{ code: 'records-lost', subject: 'sink', name, message }]
}

function checkOrgLag(
  { name, coverage }: OrgStatus,
  { at, collector }: Status,
  maxLagMs: number,
): readonly StatusProblem[] {
  const runsMs = collector === null ? 0 : Date.parse(at) - Date.parse(collector.since)
  const isRead = coverage !== null && coverage.newestRead !== coverage.origin
  const lagMs = isRead ? coverage.newestReadAgeSeconds * 1_000 : runsMs
  if (lagMs <= maxLagMs) return []
  const message = isRead
    ? `org ${name}: the newest second read is ${showSpan(lagMs / 1_000)} old`
    : `org ${name}: nothing has been read for ${showSpan(lagMs / 1_000)}`
  return [{ code: 'lag', subject: 'org', name, message }]
}

function checkSinkLag(
  { name, lagRecords, lagSeconds }: SinkStatus,
  maxLagMs: number,
): readonly StatusProblem[] {
  if (lagSeconds * 1_000 <= maxLagMs) return []
  const message = `sink ${name}: ${showCount(lagRecords, 'record')} not delivered; the oldest has been waiting for ${showSpan(lagSeconds)}`
  return [{ code: 'lag', subject: 'sink', name, message }]
}
