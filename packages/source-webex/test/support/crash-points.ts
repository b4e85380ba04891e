import type { TokenFiles } from '../../src/sign-in/token-files.ts'
import type { Transport } from '../../src/transport.ts'

/** Simulates a process that is killed at one of its external calls, before or after the call takes effect. */
export interface CrashPoints {
  /** The number of calls so far. */
  calls(): number
  killed(): boolean
  /** Never settles once the process is killed. */
  step<Result>(work: () => Promise<Result>): Promise<Result>
}

export interface Crash {
  /** The index of the call, from 0. */
  readonly at: number
  readonly moment: 'before' | 'after'
}

export function crashPoints(crash: Crash | undefined, whenKilled: () => void = () => {}): CrashPoints {
  let calls = 0
  let killed = false
  const kill = () => {
    killed = true
    whenKilled()
    return never()
  }
  return {
    calls: () => calls,
    killed: () => killed,
    async step(work) {
      if (killed) return never()
      const call = calls++
      if (call === crash?.at && crash.moment === 'before') return kill()
      const result = await work()
      if (call === crash?.at) return kill()
      return killed ? never() : result
    },
  }
}

export function crashingFiles(files: TokenFiles, { step }: CrashPoints): TokenFiles {
  return {
    makeDirectory: (path) => step(() => files.makeDirectory(path)),
    readText: (path) => step(() => files.readText(path)),
    create: (path, text) => step(() => files.create(path, text)),
    sync: (path) => step(() => files.sync(path)),
    syncDirectory: (path) => step(() => files.syncDirectory(path)),
    rename: (from, to) => step(() => files.rename(from, to)),
    remove: (path) => step(() => files.remove(path)),
  }
}

export function crashingTransport(transport: Transport, { step }: CrashPoints): Transport {
  return (request) => step(() => transport(request))
}

function never(): Promise<never> {
  return new Promise(() => {})
}
