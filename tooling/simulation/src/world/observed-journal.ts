import type { Journal } from '@cdrstream/engine'
import type { Position } from '@cdrstream/plugin'

export interface JournalObserver {
  committed(page: Parameters<Journal['commit']>[0], end: Position): void
  started(sink: string, restart: Parameters<Journal['startSink']>[2], at: Position): void
  pruned(result: Awaited<ReturnType<Journal['prune']>>): void
}

/** Wraps a journal to report to the oracle what the journal has actually done. */
export function observedJournal(journal: Journal, observer: JournalObserver): Journal {
  return new Proxy(journal, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name, target)
      if (name === 'commit') {
        return async (page: Parameters<Journal['commit']>[0]) => {
          const end = await target.commit(page)
          observer.committed(page, end)
          return end
        }
      }
      if (name === 'startSink') {
        return async (...[sink, at, changes]: Parameters<Journal['startSink']>) => {
          await target.startSink(sink, at, changes)
          observer.started(sink, changes, at)
        }
      }
      if (name === 'prune') {
        return async (...given: Parameters<Journal['prune']>) => {
          const result = await target.prune(...given)
          observer.pruned(result)
          return result
        }
      }
      return typeof member === 'function' ? member.bind(target) : member
    },
  })
}
