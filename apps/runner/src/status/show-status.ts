import { plainLine } from '@cdrstream/core/words'
import { row } from './rows.ts'
import { showBytes, showCount, showSpan } from './show-amount.ts'
import { showSignIn } from './show-sign-in.ts'
import { stateRows } from './show-state.ts'
import { showTime } from './show-time.ts'
import type { BudgetStatus, CoverageStatus, OrgStatus, SinkStatus, Status } from './status.ts'
import { summarizeStatus, worstOrgsFirst, worstSinksFirst } from './summarize-status.ts'

/** With more orgs than this, the output starts with a summary and omits orgs that are ok. */
const manyOrgs = 5
/** The maximum number of orgs to show. */
const mostOrgs = 20

/** Returns the status as text of 80 columns, worst first. */
export function showStatus(status: Status): string {
  const { at, collector, journal } = status
  const sinks = worstSinksFirst(status.sinks)
  const orgs = chosenOrgs(status.orgs)
  const hidden = status.orgs.length - orgs.length
  const running =
    collector === null
      ? 'not running'
      : `process ${collector.pid} on ${plainLine(collector.host)} since ${showTime(collector.since)}`
  return [
    ...(status.orgs.length > manyOrgs ? [summarizeStatus(status), ''] : []),
    row('collector', running),
    row(
      'journal',
      `${showCount(journal.records, 'record')}, ${showBytes(journal.bytes)}${quarantined(journal)}`,
    ),
    row('', plainLine(journal.path)),
    ...orgs.flatMap((org) => ['', `org ${org.name}`, ...orgRows(org, status)]),
    ...(hidden > 0
      ? ['', `${showCount(hidden, 'more org')}: --org NAME shows one, and --json shows all`]
      : []),
    ...sinks.flatMap((sink) => ['', `sink ${sink.name}`, ...sinkRows(sink, at)]),
    '',
  ].join('\n')
}

function chosenOrgs(orgs: readonly OrgStatus[]): readonly OrgStatus[] {
  const sorted = worstOrgsFirst(orgs)
  if (orgs.length <= manyOrgs) return sorted
  return sorted.filter(({ state }) => state.state !== 'ok').slice(0, mostOrgs)
}

function orgRows(
  { state, catchUp, coverage, budget, signIn, quarantined: items }: OrgStatus,
  status: Status,
): readonly string[] {
  return [
    ...stateRows(state, catchUp, status.at),
    ...(coverage === null ? [row('  coverage', 'nothing collected yet')] : coverageRows(coverage)),
    ...budgetRows(budget),
    ...showSignIn(signIn, status).map((line, index) => row(index === 0 ? '  sign-in' : '', line)),
    ...(items > 0 ? [row('  quarantine', `${showCount(items, 'item')} could not be read as records`)] : []),
  ]
}

function coverageRows(coverage: CoverageStatus): readonly string[] {
  const { unreadSeconds, oldestUnreadExpiresInSeconds: expiresIn, gapSeconds, doubtfulSeconds } = coverage
  // If nothing has been read, both ends of the coverage are the point where collecting begins.
  const isRead = coverage.newestRead !== coverage.origin
  return [
    ...(isRead
      ? [
          row('  complete', `through ${showTime(coverage.completeThrough)}`),
          row('  freshness', `newest second read is ${showSpan(coverage.newestReadAgeSeconds)} old`),
        ]
      : [row('  coverage', `nothing read yet; begins at ${showTime(coverage.origin)}`)]),
    row('  unread', unreadSeconds === 0 ? 'nothing' : `${showSpan(unreadSeconds)} of insertion time`),
    ...(expiresIn === null
      ? []
      : [row('  deadline', `the oldest unread minute expires in ${showSpan(expiresIn)}`)]),
    row('  gaps', gapSeconds === 0 ? 'none' : `${showSpan(gapSeconds)} that the stream can no longer return`),
    ...coverage.gaps.slice(0, 5).map(({ from, to }) => row('', `${showTime(from)} to ${showTime(to)}`)),
    ...(doubtfulSeconds === 0
      ? []
      : [row('  doubtful', `${showSpan(doubtfulSeconds)} that will be read again`)]),
  ]
}

function budgetRows(budget: BudgetStatus): readonly string[] {
  const { initialRequestsLeft, pageRequestsLeft, pushedBackUntil, pushedBackInARow, sharedSince } = budget
  return [
    ...(pushedBackUntil === null
      ? [
          row(
            '  budget',
            `${initialRequestsLeft} initial and ${pageRequestsLeft} page requests left this minute`,
          ),
        ]
      : [
          row('  budget', `rate-limited by Webex until ${showTime(pushedBackUntil)}`),
          row('', `(${showCount(pushedBackInARow, 'consecutive 429 response')})`),
        ]),
    ...(sharedSince === null
      ? []
      : [
          row('', 'another program has been using this credential'),
          row('', `since ${showTime(sharedSince)}`),
        ]),
  ]
}

function sinkRows(sink: SinkStatus, at: string): readonly string[] {
  const { position, lagRecords, lagSeconds, lostRecords } = sink
  const lag =
    lagRecords === 0
      ? 'none'
      : `${showCount(lagRecords, 'record')}; the oldest has waited ${showSpan(lagSeconds)}`
  return [
    ...stateRows(sink.state, sink.catchUp, at),
    row('  position', position === null ? 'never opened' : `record ${position.toLocaleString('en')}`),
    row('  lag', `${lag}${quarantined(sink)}`),
    ...(lostRecords === 0
      ? []
      : [row('  lost', `${showCount(lostRecords, 'record')}, because the journal was full`)]),
  ]
}

function quarantined({ quarantined: items }: { readonly quarantined: number }): string {
  return items === 0 ? '' : `; ${items.toLocaleString('en')} in quarantine`
}
