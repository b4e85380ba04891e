import type { Sink } from '@cdrstream/plugin'
import type { Chance } from '@cdrstream-internal/chance'

/** How ports misbehave. Shares are fractions of all calls, from 0 to 1. */
export interface Unreliability {
  /** The fraction of calls before which the process is killed. */
  readonly killBefore: number
  /** The fraction of calls that take effect, but never return because the process is killed. */
  readonly killAfter: number
  /** The fraction of calls that fail without an effect. */
  readonly failBefore: number
  /** The fraction of calls that take effect but are reported as failed. */
  readonly failAfter: number
}

export const reliable: Unreliability = { killBefore: 0, killAfter: 0, failBefore: 0, failAfter: 0 }

export interface Process {
  killed: boolean
}

/**
 * Wraps a port so that calls fail, or the process is killed, at random. In a killed process, no call ever
 * returns.
 */
export function unreliable<Port extends object>(
  port: Port,
  process: Process,
  chance: Chance,
  shares: () => Unreliability,
  failed: () => void = () => {},
): Port {
  return new Proxy(port, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name, target)
      if (typeof member !== 'function') return member
      return async (...args: unknown[]) => {
        if (process.killed) return never()
        const { killBefore, killAfter, failBefore, failAfter } = shares()
        const early = chance.next()
        if (early < killBefore) {
          process.killed = true
          return never()
        }
        if (early < killBefore + failBefore) {
          failed()
          throw new Error(`planned failure before ${String(name)}`)
        }
        const result: unknown = await Reflect.apply(member, target, args)
        if (process.killed) return never()
        const late = chance.next()
        if (late < killAfter) {
          process.killed = true
          return never()
        }
        if (late < killAfter + failAfter) {
          failed()
          throw new Error(`planned failure after ${String(name)}`)
        }
        return result
      }
    },
  })
}

/** Wraps a sink and its sessions so that the process is killed at random during their calls. */
export function killableSink(
  sink: Sink,
  process: Process,
  chance: Chance,
  shares: () => Unreliability,
): Sink {
  const kills = () => ({ ...shares(), failBefore: 0, failAfter: 0 })
  const inner: Sink = {
    async open(call) {
      const outcome = await sink.open(call)
      return outcome.kind === 'opened'
        ? { ...outcome, session: unreliable(outcome.session, process, chance, kills) }
        : outcome
    },
  }
  return unreliable(inner, process, chance, kills)
}

function never(): Promise<never> {
  return new Promise(() => {})
}
