import type { SubjectState } from '@cdrstream/engine'
import type { LockHolder, ReportedState, ReportedStates } from '@cdrstream/journal-sqlite'
import { reportEveryMs } from '../states/report-states.ts'
import { subjectId } from '../states/state-board.ts'
import { isoTime } from './iso-time.ts'
import type { StateStatus } from './status.ts'

/** A collector that has not reported for this long may be stuck or unable to write to the journal. */
const silentMs = 6 * reportEveryMs

/** The reported states from the journal, and what determines whether they are current. */
export interface Reporting {
  /** When a collector last reported; null if none ever has. */
  readonly atMs: number | null
  readonly states: ReadonlyMap<string, ReportedState>
  /** The running collector; undefined if there is none. */
  readonly holder: LockHolder | undefined
  readonly nowMs: number
}

export function reportingOf(
  { atMs, states }: ReportedStates,
  holder: LockHolder | undefined,
  nowMs: number,
): Reporting {
  return { atMs, states: new Map(states.map((state) => [subjectId(state), state])), holder, nowMs }
}

/**
 * Returns the state of an org or a sink, as reported by the running collector. If no collector is running or
 * reporting, the returned state shows this, and `last` is the last reported state.
 */
export function stateStatus(
  subject: SubjectState['subject'],
  name: string,
  { atMs, states, holder, nowMs }: Reporting,
): StateStatus {
  const found = states.get(subjectId({ subject, name }))
  const last = found === undefined ? null : shown(found)
  if (holder === undefined) {
    return {
      ...unreported('no-collector', 'no collector is running', 'Start it: `cdrstream run`.', atMs),
      last,
    }
  }
  const since = isoTime(Math.max(holder.sinceMs, atMs ?? 0))
  const hasReported = atMs !== null && atMs >= holder.sinceMs
  if (nowMs - Math.max(holder.sinceMs, atMs ?? 0) > silentMs) {
    const cause = `the collector (process ${holder.pid}) has not reported its state since ${since}`
    return { ...unreported('no-report', cause, unstick, Date.parse(since)), last }
  }
  if (found !== undefined && hasReported) return { ...shown(found), last: null }
  const isStarting = nowMs - holder.sinceMs <= silentMs
  return isStarting
    ? { ...unreported('starting', 'the collector has just started', null, holder.sinceMs), last: null }
    : {
        ...unreported('not-loaded', notLoaded(subject), 'Run `cdrstream reload`.', holder.sinceMs),
        last: null,
      }
}

const unstick =
  'See the end of its log. If the journal works and no sink is blocking the process, restart the collector.'

function notLoaded(subject: SubjectState['subject']): string {
  return `the running collector has not loaded this ${subject}, because the configuration has changed since it started`
}

function unreported(code: string, cause: string, remedy: string | null, sinceMs: number | null) {
  const since = sinceMs === null ? null : isoTime(sinceMs)
  return { state: 'waiting', since, code, cause, remedy, nextTryAt: null } as const
}

function shown({ state, sinceMs, code, cause, remedy, nextTryMs }: ReportedState): Omit<StateStatus, 'last'> {
  return {
    state,
    since: isoTime(sinceMs),
    code,
    cause,
    remedy,
    nextTryAt: nextTryMs === null ? null : isoTime(nextTryMs),
  }
}
