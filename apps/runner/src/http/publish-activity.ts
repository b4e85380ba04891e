import type { EngineActivity, EngineObserver, SubjectState } from '@cdrstream/engine'
import { isoTime } from '../status/iso-time.ts'
import type { EventFeed } from './event-feed.ts'

/** Commits are summarized, because there can be many per second while catching up. */
const summaryEveryMs = 1_000
/** How many orgs a summary lists, chosen by most records. */
const mostOrgs = 50

/** Publishes the engine's activity as events. Disposing it stops the summaries. */
export class ActivityPublisher
  implements EngineObserver, Pick<EngineActivity, 'pageCommitted' | 'recordsRefused' | 'gapFound'>, Disposable
{
  readonly #feed: EventFeed
  #committed = new Map<string, Counts>()
  #timer: NodeJS.Timeout | undefined

  constructor(feed: EventFeed) {
    this.#feed = feed
  }

  stateChanged({ sinceMs, nextTryMs, ...state }: SubjectState): void {
    const nextTryAt = nextTryMs === null ? null : isoTime(nextTryMs)
    this.#feed.publish({ type: 'state', data: { ...state, since: isoTime(sinceMs), nextTryAt } })
  }

  gapFound(...[org, spans]: Parameters<EngineActivity['gapFound']>): void {
    for (const { fromSec, toSec } of spans) {
      const data = {
        org,
        from: isoTime(fromSec * 1_000),
        to: isoTime(toSec * 1_000),
        seconds: toSec - fromSec,
      }
      this.#feed.publish({ type: 'gap', data })
    }
  }

  recordsRefused(refused: Parameters<EngineActivity['recordsRefused']>[0]): void {
    this.#feed.publish({ type: 'refused', data: { ...refused } })
  }

  pageCommitted({ org, ...page }: Parameters<EngineActivity['pageCommitted']>[0]): void {
    this.#committed.set(org, added(this.#committed.get(org) ?? nothing, page))
    this.#timer ??= setTimeout(() => this.#summarize(), summaryEveryMs).unref()
  }

  #summarize(): void {
    const orgs = [...this.#committed].map(([org, counts]) => ({ org, ...counts }))
    this.#committed = new Map()
    this.#timer = undefined
    const total = orgs.reduce(added, nothing)
    const named = orgs.toSorted((a, b) => b.records - a.records).slice(0, mostOrgs)
    this.#feed.publish({ type: 'committed', data: { ...total, orgs: named } })
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer)
  }
}

interface Counts {
  readonly items: number
  readonly records: number
  readonly quarantined: number
}

const nothing: Counts = { items: 0, records: 0, quarantined: 0 }

function added(one: Counts, other: Counts): Counts {
  return {
    items: one.items + other.items,
    records: one.records + other.records,
    quarantined: one.quarantined + other.quarantined,
  }
}
