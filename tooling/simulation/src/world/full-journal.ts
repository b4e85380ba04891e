import { type Journal, JournalFullError } from '@cdrstream/engine'

const writes: ReadonlySet<string | symbol> = new Set([
  'commit',
  'changeBudget',
  'registerSink',
  'startSink',
  'acknowledge',
])

/** A journal whose disk has no room while `isFull` says so. */
export function fullJournal(journal: Journal, isFull: () => boolean, met: () => void): Journal {
  return new Proxy(journal, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name, target)
      if (typeof member !== 'function') return member
      return async (...given: unknown[]) => {
        if (!isFull()) return Reflect.apply(member, target, given)
        if (name === 'roomBytes') return 0
        if (!writes.has(name)) return Reflect.apply(member, target, given)
        met()
        throw new JournalFullError('planned: there is no room')
      }
    },
  })
}
