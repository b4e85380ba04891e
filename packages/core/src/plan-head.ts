import { hasBacklog, type PlannedWindow, type PlanView, plannedWindow } from './plan-view.ts'
import { isSetAside } from './unserved.ts'

/** Returns the window of the newest seconds, or undefined if nothing new can be read. */
export function planHead(view: PlanView): PlannedWindow | undefined {
  const { state, headSec, edgeSec, unserved } = view
  if (headSec <= edgeSec) return state.server.presumed || isTimeBack(view) ? planToLearnTime(view) : undefined
  const deep = (headSec - state.progress.deepAtSec) * 1_000 >= view.schedule.deepEveryMs
  const fromSec = Math.max(
    edgeSec - Math.floor(lookBackMs(view, deep) / 1_000),
    // If window length is limited, keep the newest seconds; the rest becomes backlog.
    headSec - view.longestSec,
    // After a failure, the head shows whether the API serves anything: the shortest window is the most likely
    // to succeed.
    state.headCutShort && state.failures > 0 ? headSec - Math.ceil(view.schedule.lookBackMinMs / 1_000) : 0,
    hasBacklog(view) ? headSec - Math.ceil(readableAtOnceSec(view)) : 0,
    state.progress.originSec,
    view.readable.fromSec,
  )
  // Spans that are set aside have their own turn, so live seconds do not wait for them.
  const aside = unserved.filter((span) => isSetAside(span) && span.fromSec < headSec)
  const clearSec = Math.max(fromSec, ...aside.map(({ toSec }) => toSec))
  if (clearSec >= headSec) return undefined
  return plannedWindow(view, 'head', { fromSec: clearSec, toSec: headSec }, deep && clearSec < edgeSec)
}

/**
 * Returns how many seconds one minute's pages hold. During a long backlog the head starts no further back
 * than that, because otherwise it would never reach the live seconds. The seconds before that are backlog.
 */
function readableAtOnceSec({ state, terms }: PlanView): number {
  const pages = 1 + terms.pageRequests.count
  return (pages * pageFill * terms.pageSize) / (state.recordsPerSec ?? 0)
}

/**
 * Returns whether seconds were read that are in the future by the server's clock. Either that clock was set
 * back or our estimate of it is wrong. Only a request can show which, and until then nothing seems to be new.
 */
function isTimeBack({ headSec, edgeSec, schedule }: PlanView): boolean {
  return (edgeSec - headSec) * 1_000 > schedule.perMs
}

/**
 * Plans a window although nothing seems to be new: the time estimate may be off by days, and any response
 * corrects it.
 */
function planToLearnTime({ headSec, schedule, longestSec }: PlanView): PlannedWindow {
  const fromSec = headSec - Math.min(Math.ceil(schedule.lookBackMinMs / 1_000), longestSec)
  return { purpose: 'head', window: { fromSec, toSec: headSec }, deep: false }
}

/** How many of a minute's eleven pages the deep look-back uses. */
const deepPages = 8
/** The planned fill of a page: the rate is an estimate, and slightly more would cost another page. */
const pageFill = 0.9

/**
 * Returns how far to look back for late records, so that they fill the rest of the page that the new seconds
 * need anyway.
 */
function lookBackMs(view: PlanView, deep: boolean): number {
  const { state, schedule, terms } = view
  // Progress comes first. A window that was cut short or is limited has no space for seconds that were read
  // before.
  if (state.headCutShort || state.windowLimit !== null) return 0
  if (state.recordsPerSec === null) return schedule.lookBackMinMs
  const roomMs = (pages: number) =>
    (pages * pageFill * terms.pageSize * 1_000) / (state.recordsPerSec ?? 0) -
    (view.headSec - view.edgeSec) * 1_000
  const wantedMs = Math.max(roomMs(deep ? deepPages : 1), schedule.lookBackMinMs)
  return Math.max(0, Math.min(wantedMs, roomMs(1 + terms.pageRequests.count), schedule.lookBackMaxMs))
}
