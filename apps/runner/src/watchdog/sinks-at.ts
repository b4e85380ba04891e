import type { WatchedSink } from './watch-event-loop.ts'

/**
 * Returns the names of the sinks whose code is on the stack. These are the sinks whose own module is on the
 * stack, or otherwise the sinks with a module on the stack from the same folder or below, because a sink can
 * have several files and dependencies.
 */
export function sinksAt(urls: readonly string[], sinks: readonly WatchedSink[]): readonly string[] {
  const own = sinks.filter(({ url }) => urls.includes(url))
  const near = sinks.filter(({ url }) => urls.some((each) => each.startsWith(new URL('.', url).href)))
  return (own.length > 0 ? own : near).map(({ name }) => name)
}
