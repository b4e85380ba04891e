import { rmSync } from 'node:fs'
import type { GuardedProcess } from './guarded-process.ts'
import { type ServerDirectory, serverDirectory } from './server-directory.ts'
import { until } from './until.ts'

/** A server of one's own. Its address stays the same over `kill` and `start`. */
export interface OwnServer extends AsyncDisposable {
  readonly pid: number
  /** It hangs: connections stay open, nothing is answered. */
  suspend(): void
  resume(): void
  /** SIGKILL for all its processes. */
  kill(): Promise<void>
  /** After `kill`. Returns when it answers. */
  start(): Promise<void>
  /** Ends it and removes its data. */
  stop(): Promise<void>
}

/** Makes a directory for a server, and removes it if the server does not come up. */
export async function inServerDirectory<Server>(
  name: string,
  startIn: (directory: ServerDirectory) => Promise<Server>,
): Promise<Server> {
  const directory = serverDirectory(name)
  try {
    return await startIn(directory)
  } catch (cause) {
    rmSync(directory.path, { recursive: true, force: true })
    throw cause
  }
}

/** Starts the server. `isUp` is asked until it is so, for `patienceMs`. */
export async function startOwnServer(
  server: GuardedProcess,
  what: { readonly name: string; readonly patienceMs: number; isUp(): boolean | Promise<boolean> },
): Promise<OwnServer> {
  const start = async (): Promise<void> => {
    await server.start()
    await until(what.name, what.patienceMs, () => {
      if (!server.runs) throw new Error(`${what.name} ended at once:\n${server.lastWords()}`)
      return what.isUp()
    })
  }
  try {
    await start()
  } catch (cause) {
    await server.dispose()
    throw cause
  }
  const stop = (): Promise<void> => server.dispose()
  return {
    get pid() {
      return server.pid
    },
    suspend: () => server.suspend(),
    resume: () => server.resume(),
    kill: () => server.kill(),
    start,
    stop,
    [Symbol.asyncDispose]: stop,
  }
}
