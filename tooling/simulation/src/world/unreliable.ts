import type { Sink } from '@cdrstream/plugin'
import type { Chance } from '@cdrstream-internal/chance'

/** How ports misbehave. All shares are of calls. */
export interface Unreliability {
  /** The process is killed before the call is made. */
  readonly killBefore: number
  /** The call is made, and the process is killed before it learns of it. */
  readonly killAfter: number
  /** The call fails and changes nothing. */
  readonly failBefore: number
  /** The call is made, and then reported as failed. */
  readonly failAfter: number
}

export const reliable: Unreliability = { killBefore: 0, killAfter: 0, failBefore: 0, failAfter: 0 }

export interface Process {
  killed: boolean
}

/** A port whose calls are killed or fail by chance. A killed process never hears of any call again. */
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
        const lot = chance.next()
        if (lot < killBefore) {
          process.killed = true
          return never()
        }
        if (lot < killBefore + failBefore) {
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

/**
 * A sink, and each of its sessions, whose calls are killed by chance. What goes wrong with a sink otherwise
 * is its own affair.
 */
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
