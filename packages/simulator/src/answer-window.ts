import type { Chance } from './chance.ts'
import type { Behaviour } from './simulator-options.ts'
import type { SimulatorTerms } from './terms.ts'
import type { StoredItem, TimeLine } from './time-line.ts'

/** A request whose parameters were understood. */
export interface WindowQuery {
  readonly startMs: number
  readonly endMs: number
  /** `startTimeForNextFetch`; null for the first page. */
  readonly resumeMs: number | null
  readonly max: number
  /** `page`, where a link cannot say a time: how many items were given before. */
  readonly skip: number
}

export interface WindowPage {
  readonly items: readonly StoredItem[]
  /** The parameters of the next page; null if this is the last. */
  readonly next: Readonly<Record<string, string>> | null
}

/** Reads a page of the window: whole-second bounds; paging is by time, so the boundary second comes again. */
export function answerWindow(
  timeLine: TimeLine,
  query: WindowQuery,
  behaviour: Behaviour,
  nowMs: number,
  chance: Chance,
): WindowPage {
  const { endInclusive, itemOrder } = behaviour
  const firstSec = Math.floor((query.resumeMs ?? query.startMs) / 1_000)
  const lastSec = Math.floor(query.endMs / 1_000) - (endInclusive ? 0 : 1)
  const items: StoredItem[] = []
  let total = 0
  for (let second = Math.floor(query.startMs / 1_000); second <= lastSec; second += 1) {
    const found = timeLine.at(second, nowMs)
    total += found.length
    // One item more than fits says where the next page begins.
    if (second >= firstSec && items.length <= query.max + query.skip) items.push(...found)
  }
  const page = items.slice(query.skip, query.skip + query.max)
  const following = items[query.skip + query.max]
  return {
    items: itemOrder === 'shuffled' ? shuffle(page, chance) : page,
    next: following === undefined ? null : nextParameters(query, page, following, firstSec, total, behaviour),
  }
}

function nextParameters(
  query: WindowQuery,
  page: readonly StoredItem[],
  following: StoredItem,
  firstSec: number,
  total: number,
  { resumeTime, totalCount }: Behaviour,
): Readonly<Record<string, string>> {
  const resumeSec = Math.floor(following.insertionMs / 1_000)
  // A second that does not fit into one page: time alone would lead to the same page for ever.
  const stuck = resumeTime === 'absent' || resumeSec <= firstSec
  const resumeMs = resumeTime === 'seconds' ? resumeSec * 1_000 : following.insertionMs
  const count = totalCount === 'remaining' ? total - page.length : total
  return {
    endTime: iso(query.endMs),
    startTime: iso(query.startMs),
    ...(resumeTime === 'absent' ? {} : { startTimeForNextFetch: iso(resumeMs) }),
    ...(totalCount === 'absent' ? {} : { totalCount: String(count) }),
    max: String(query.max),
    ...(stuck ? { skip: String(query.skip + page.length) } : {}),
  }
}

function shuffle<Item>(items: readonly Item[], chance: Chance): readonly Item[] {
  const order = items.map((item) => ({ item, lot: chance.next() }))
  return order.sort((a, b) => a.lot - b.lot).map(({ item }) => item)
}

export function iso(ms: number): string {
  return new Date(ms).toISOString()
}

/** The window is not one that the API accepts; the text is its answer. */
export function windowProblem(query: WindowQuery, terms: SimulatorTerms, serverMs: number): string | null {
  if (query.endMs <= query.startMs) return 'endTime should be later than startTime'
  if (query.endMs - query.startMs > terms.maxWindowMs) return 'the time range is too long'
  if (query.resumeMs === null && query.endMs > serverMs - terms.settleMs) return 'endTime is too recent'
  if (query.startMs < serverMs - terms.retentionMs) return 'startTime is too old'
  return null
}
