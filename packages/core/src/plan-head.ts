import { hasBacklog, type PlannedWindow, type PlanView, plannedWindow } from './plan-view.ts'
import { isSetAside } from './unserved.ts'

/** Returns the window of the newest seconds; undefined if there is nothing new that could be read. */
export function planHead(view: PlanView): PlannedWindow | undefined {
  const { state, headSec, edgeSec, unserved } = view
  if (headSec <= edgeSec) return state.server.presumed || isTimeBack(view) ? planToLearnTime(view) : undefined
  const deep = (headSec - state.progress.deepAtSec) * 1_000 >= view.schedule.deepEveryMs
  const fromSec = Math.max(
    edgeSec - Math.floor(lookBackMs(view, deep) / 1_000),
    // Where windows are limited, the head is still the head: what is left out is backlog.
    headSec - view.longestSec,
    // After it failed, it shows whether the API serves anything: the shortest window is the most likely one.
    state.headCutShort && state.failures > 0 ? headSec - Math.ceil(view.schedule.lookBackMinMs / 1_000) : 0,
    hasBacklog(view) ? headSec - Math.ceil(readableAtOnceSec(view)) : 0,
    state.progress.originSec,
    view.readable.fromSec,
  )
  // What is set aside has its own turn: the live seconds do not wait for it.
  const aside = unserved.filter((span) => isSetAside(span) && span.fromSec < headSec)
  const clearSec = Math.max(fromSec, ...aside.map(({ toSec }) => toSec))
  if (clearSec >= headSec) return undefined
  return plannedWindow(view, 'head', { fromSec: clearSec, toSec: headSec }, deep && clearSec < edgeSec)
}

/**
 * What the pages of one minute hold. During a long backlog the head begins no further back: else it would
 * never come to the live seconds. What it leaves out is backlog.
 */
function readableAtOnceSec({ state, terms }: PlanView): number {
  const pages = 1 + terms.pageRequests.count
  return (pages * pageFill * terms.pageSize) / (state.recordsPerSec ?? 0)
}

/**
 * By the server's clock as it is known, more was read than there can be. Either the clock went back, or what
 * is known of it is wrong; without a request, only time would tell.
 */
function isTimeBack({ headSec, edgeSec, schedule }: PlanView): boolean {
  return (edgeSec - headSec) * 1_000 > schedule.perMs
}

/** Nothing seems to be new, but what is known of the time may be wrong by days: any answer shows the time. */
function planToLearnTime({ headSec, schedule, longestSec }: PlanView): PlannedWindow {
  const fromSec = headSec - Math.min(Math.ceil(schedule.lookBackMinMs / 1_000), longestSec)
  return { purpose: 'head', window: { fromSec, toSec: headSec }, deep: false }
}

/** Pages that the deep look-back takes, of the eleven that a minute has. */
const deepPages = 8
/** The rate is an estimate: a little too much would cost another page. */
const pageFill = 0.9

/** Late records come for free with what is left of the page that the new seconds need. */
function lookBackMs(view: PlanView, deep: boolean): number {
  const { state, schedule, terms } = view
  // Progress first: a window that was cut short, or that is limited, has no room for what was read before.
  if (state.headCutShort || state.windowLimit !== null) return 0
  if (state.recordsPerSec === null) return schedule.lookBackMinMs
  const roomMs = (pages: number) =>
    (pages * pageFill * terms.pageSize * 1_000) / (state.recordsPerSec ?? 0) -
    (view.headSec - view.edgeSec) * 1_000
  const wantedMs = Math.max(roomMs(deep ? deepPages : 1), schedule.lookBackMinMs)
  return Math.max(0, Math.min(wantedMs, roomMs(1 + terms.pageRequests.count), schedule.lookBackMaxMs))
}
