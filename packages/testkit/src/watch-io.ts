import { AsyncLocalStorage, createHook } from 'node:async_hooks'
import childProcess from 'node:child_process'
import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import { setImmediate as turn } from 'node:timers/promises'

/**
 * Asynchronous resources that indicate reading, writing, connecting, starting a process, or setting a timer.
 */
const ioTypes =
  /^(FILEHANDLE|FS\w*|GETADDRINFO\w*|GETNAMEINFO\w*|QUERYWRAP|HTTP\w*|PIPE\w*|PROCESSWRAP|SHUTDOWNWRAP|STATWATCHER|TCP\w*|TLSWRAP|UDP\w*|WRITEWRAP|WORKER|DNSCHANNEL|SIGNALWRAP|Timeout)$/

const watched = new AsyncLocalStorage<Set<string>>()
const turnsAfter = 3

/**
 * Returns the I/O that a function does or schedules, as the names of synchronous calls and asynchronous
 * resources. Does not detect I/O by native code.
 */
export function watchIo(work: () => unknown): Promise<readonly string[]> {
  const watching = lastWatch.then(() => watch(work))
  lastWatch = watching.catch(() => {})
  return watching
}

/** Runs one watch at a time, because overlapping watches would restore each other's functions. */
let lastWatch: Promise<unknown> = Promise.resolve()

async function watch(work: () => unknown): Promise<readonly string[]> {
  const seen = new Set<string>()
  const hook = createHook({
    init(_id, type) {
      if (ioTypes.test(type)) watched.getStore()?.add(type)
    },
  }).enable()
  const restore = [...reportSynchronousCalls(fs), ...reportSynchronousCalls(childProcess)]
  syncBuiltinESMExports()
  try {
    watched.run(seen, work)
    for (let turns = 0; turns < turnsAfter; turns += 1) await turn()
  } finally {
    hook.disable()
    for (const undo of restore) undo()
    syncBuiltinESMExports()
  }
  return [...seen]
}

/** Reports calls to the module's functions whose names end in `Sync`. Returns functions that undo this. */
function reportSynchronousCalls(module: object): readonly (() => void)[] {
  return Object.entries(module).flatMap(([name, original]) => {
    if (!name.endsWith('Sync') || typeof original !== 'function') return []
    Reflect.set(module, name, function reported(this: unknown, ...parameters: readonly unknown[]) {
      watched.getStore()?.add(name)
      return Reflect.apply(original, this, parameters)
    })
    return [() => Reflect.set(module, name, original)]
  })
}
