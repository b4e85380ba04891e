import type { Chance } from './chance.ts'
import type { WindowQuery } from './read-query.ts'
import type { Behaviour } from './simulator-options.ts'
import type { StoredItem, TimeLine } from './time-line.ts'

export interface WindowPage {
  readonly items: readonly StoredItem[]
  /** Null on the last page. */
  readonly next: NextPage | null
}

/** Where the next page begins, as written in its link. */
export interface NextPage {
  /** Null if the link has no resume time. */
  readonly resumeMs: number | 'window-end' | null
  readonly totalCount: number | null
  /**
   * How many items to skip, counted from the resume time or, without one, from the start of the window. The
   * link omits 0.
   */
  readonly skip: number
}

/** Returns a page of the window, in the order of insertion. */
export function answerWindow(
  timeLine: TimeLine,
  query: WindowQuery,
  behaviour: Behaviour,
  nowMs: number,
  chance: Chance,
): WindowPage {
  const { fromMs, toMs, resumeMs } = bounds(query, behaviour)
  const isWanted = filterOf(query, behaviour, fromMs, toMs)
  const items: StoredItem[] = []
  let total = 0
  let before = 0
  for (let second = Math.floor(fromMs / 1_000); second * 1_000 < toMs; second += 1) {
    const stored = timeLine.at(second, nowMs)
    const within = isWanted === null ? stored : stored.filter(isWanted)
    total += within.length
    // One more item than fits on the page, because it determines where the next page begins.
    if (items.length > query.skip + query.max) continue
    for (const item of within) {
      if (item.insertionMs < resumeMs) before += 1
      else items.push(item)
    }
  }
  const next = (given: number) => nextPage(items, given, { total, before, resumeMs }, behaviour)
  const end = query.skip + query.max
  if (items.length > query.skip && chance.happens(behaviour.emptyPageShare)) {
    return { items: [], next: next(query.skip) }
  }
  const page = items.slice(query.skip, end)
  return {
    items: behaviour.itemOrder === 'shuffled' ? shuffle(page, chance) : page,
    next: items.length > end ? next(end) : null,
  }
}

/** Returns the filter for the items in the window's seconds, or null if all of them belong to the window. */
function filterOf(
  { locations }: WindowQuery,
  { bounds }: Behaviour,
  fromMs: number,
  toMs: number,
): ((item: StoredItem) => boolean) | null {
  if (locations.length === 0 && bounds === 'seconds') return null
  const isRequested = (location: string | null) =>
    locations.length === 0 || (location !== null && locations.includes(location))
  return ({ insertionMs, content }) =>
    insertionMs >= fromMs && insertionMs < toMs && isRequested(content.location)
}

interface Bounds {
  readonly fromMs: number
  /** Exclusive. */
  readonly toMs: number
  readonly resumeMs: number
}

function bounds(
  query: WindowQuery,
  behaviour: Pick<Behaviour, 'bounds' | 'endInclusive' | 'resumeTime'>,
): Bounds {
  const requestedMs = behaviour.resumeTime === 'window-end' ? null : query.resumeMs
  const unitMs = unit(behaviour)
  const rounded = (ms: number) => Math.floor(ms / unitMs) * unitMs
  return {
    fromMs: rounded(query.startMs),
    toMs: rounded(query.endMs) + (behaviour.endInclusive ? unitMs : 0),
    resumeMs: rounded(requestedMs ?? query.startMs),
  }
}

/**
 * Pages are split by time. The next page begins at the insertion time of the first item that was not yet
 * returned.
 */
function nextPage(
  items: readonly StoredItem[],
  given: number,
  page: { readonly total: number; readonly before: number; readonly resumeMs: number },
  behaviour: Behaviour,
): NextPage {
  const { boundaryRepeats, resumeTime, totalCount } = behaviour
  const count = { window: page.total, remaining: page.total - page.before - given, absent: null }[totalCount]
  const following = items[given]
  if (resumeTime === 'window-end' && following !== undefined) {
    return { resumeMs: 'window-end', totalCount: count, skip: given }
  }
  if (resumeTime === 'absent' || following === undefined) {
    return { resumeMs: null, totalCount: count, skip: given }
  }
  const resumeMs =
    resumeTime === 'seconds' ? Math.floor(following.insertionMs / 1_000) * 1_000 : following.insertionMs
  const unitMs = unit(behaviour)
  const beginsMs = Math.floor(resumeMs / unitMs) * unitMs
  const repeated = items.slice(0, given).filter(({ insertionMs }) => insertionMs >= beginsMs).length
  // If a second does not fit on a page, its time alone would repeat the same page forever.
  const skip = boundaryRepeats && beginsMs > page.resumeMs ? 0 : repeated
  return { resumeMs, totalCount: count, skip }
}

function unit({ bounds }: Pick<Behaviour, 'bounds'>): number {
  return bounds === 'seconds' ? 1_000 : 1
}

function shuffle<Item>(items: readonly Item[], chance: Chance): readonly Item[] {
  const order = items.map((item) => ({ item, place: chance.next() }))
  return order.sort((a, b) => a.place - b.place).map(({ item }) => item)
}
