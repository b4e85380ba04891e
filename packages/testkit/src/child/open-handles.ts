import { readdirSync, readlinkSync } from 'node:fs'

/**
 * Returns the files and sockets that this process has open, by descriptor. Empty if the platform has no
 * `/proc`.
 */
export function openHandles(): ReadonlyMap<string, string> {
  const handles = new Map<string, string>()
  for (const descriptor of listDescriptors()) {
    try {
      handles.set(descriptor, readlinkSync(`/proc/self/fd/${descriptor}`))
    } catch {
      // This descriptor belonged to the listing itself.
    }
  }
  return handles
}

/**
 * Returns the files and sockets opened since `before`. Omits pipes and events, which the platform itself
 * opens.
 */
export function handlesSince(before: ReadonlyMap<string, string>): readonly string[] {
  return [...openHandles()]
    .filter(([descriptor, target]) => before.get(descriptor) !== target)
    .map(([, target]) => target)
    .filter((target) => target.startsWith('socket:') || /^\/(?!dev\/|proc\/)/.test(target))
}

function listDescriptors(): readonly string[] {
  try {
    return readdirSync('/proc/self/fd')
  } catch {
    return []
  }
}
