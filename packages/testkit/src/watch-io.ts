import { AsyncLocalStorage, createHook } from 'node:async_hooks'
import childProcess from 'node:child_process'
import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import { setImmediate as turn } from 'node:timers/promises'

/** Resources of these types mean that something was read, written, connected, started or timed. */
const ioTypes =
  /^(FILEHANDLE|FS\w*|GETADDRINFO\w*|GETNAMEINFO\w*|QUERYWRAP|HTTP\w*|PIPE\w*|PROCESSWRAP|SHUTDOWNWRAP|STATWATCHER|TCP\w*|TLSWRAP|UDP\w*|WRITEWRAP|WORKER|DNSCHANNEL|SIGNALWRAP|Timeout)$/

const watched = new AsyncLocalStorage<Set<string>>()
const turnsBehind = 3

/**
 * What I/O a function does, and what it leaves to be done at once behind it: the names of calls and of asynchronous resources. Does not see
 * what native code does on its own.
 */
export function watchIo(work: () => unknown): Promise<readonly string[]> {
  const watching = lastWatch.then(() => watch(work))
  lastWatch = watching.catch(() => {})
  return watching
}

/** One at a time: two that overlap would restore one another's functions. */
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
    for (let turns = 0; turns < turnsBehind; turns += 1) await turn()
  } finally {
    hook.disable()
    for (const undo of restore) undo()
    syncBuiltinESMExports()
  }
  return [...seen]
}

/** Reports calls of the module's functions that end in `Sync`. Returns what undoes it. */
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
