import type { WatchedSink } from './watch-event-loop.ts'

/**
 * Returns the names of the sinks whose code is on the stack: those whose own module is, or else those that
 * have a module in the same folder or in one above, as a sink of several files or with dependencies has.
 */
export function sinksAt(urls: readonly string[], sinks: readonly WatchedSink[]): readonly string[] {
  const own = sinks.filter(({ url }) => urls.includes(url))
  const near = sinks.filter(({ url }) => urls.some((each) => each.startsWith(new URL('.', url).href)))
  return (own.length > 0 ? own : near).map(({ name }) => name)
}
