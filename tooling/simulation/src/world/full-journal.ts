import { type Journal, JournalFullError } from '@cdrstream/engine'

const writes: ReadonlySet<string | symbol> = new Set([
  'commit',
  'changeBudget',
  'registerSink',
  'startSink',
  'acknowledge',
])

/**
 * Wraps a journal so that its disk is full while `isFull` returns true. Calls `onFull` for each failed write.
 */
export function fullJournal(journal: Journal, isFull: () => boolean, onFull: () => void): Journal {
  return new Proxy(journal, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name, target)
      if (typeof member !== 'function') return member
      return async (...given: unknown[]) => {
        if (!isFull()) return Reflect.apply(member, target, given)
        if (name === 'roomBytes') return 0
        if (!writes.has(name)) return Reflect.apply(member, target, given)
        onFull()
        throw new JournalFullError('planned: the disk is full')
      }
    },
  })
}
