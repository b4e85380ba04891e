import { readdirSync, readlinkSync } from 'node:fs'

/** The files and sockets that this process has open, by descriptor. Empty where the system does not tell. */
export function openHandles(): ReadonlyMap<string, string> {
  const handles = new Map<string, string>()
  for (const descriptor of listDescriptors()) {
    try {
      handles.set(descriptor, readlinkSync(`/proc/self/fd/${descriptor}`))
    } catch {
      // It was the one that the listing itself had open.
    }
  }
  return handles
}

/** What is open now and was not before: files and sockets only, for the platform keeps pipes and events of its own. */
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
