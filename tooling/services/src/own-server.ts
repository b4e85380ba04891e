import { rmSync } from 'node:fs'
import type { GuardedProcess } from './guarded-process.ts'
import { type ServerDirectory, serverDirectory } from './server-directory.ts'
import { until } from './until.ts'

/** A server for one test. Its address stays the same across `kill` and `start`. */
export interface OwnServer extends AsyncDisposable {
  readonly pid: number
  /** Makes the server hang: connections stay open, but nothing is answered. */
  suspend(): void
  resume(): void
  /** Kills all its processes with SIGKILL. */
  kill(): Promise<void>
  /** Starts the server again after `kill`. Returns when it answers. */
  start(): Promise<void>
  /** Stops the server and removes its data. */
  stop(): Promise<void>
}

/** Creates a directory for a server, and removes it if the server does not start. */
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

/** Starts the server and waits until `isUp` returns true, for at most `timeoutMs`. */
export async function startOwnServer(
  server: GuardedProcess,
  what: { readonly name: string; readonly timeoutMs: number; isUp(): boolean | Promise<boolean> },
): Promise<OwnServer> {
  const start = async (): Promise<void> => {
    await server.start()
    await until(what.name, what.timeoutMs, () => {
      if (!server.runs) throw new Error(`${what.name} exited during startup:\n${server.lastLines()}`)
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
