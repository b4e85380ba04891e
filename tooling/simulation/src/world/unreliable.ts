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
  /** Port calls so far, for the report of a failing seed. */
  calls: number
}

/** A port whose calls are killed or fail by chance. A killed process never hears of any call again. */
export function unreliable<Port extends object>(
  port: Port,
  process: Process,
  chance: Chance,
  shares: () => Unreliability,
): Port {
  const never = () => new Promise<never>(() => {})
  return new Proxy(port, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name, target)
      if (typeof member !== 'function') return member
      return async (...args: unknown[]) => {
        if (process.killed) return never()
        process.calls += 1
        const { killBefore, killAfter, failBefore, failAfter } = shares()
        const lot = chance.next()
        if (lot < killBefore) {
          process.killed = true
          return never()
        }
        const failsBefore = lot >= killBefore && lot < killBefore + failBefore
        if (failsBefore) throw new Error(`planned failure before ${String(name)}`)
        const result: unknown = await Reflect.apply(member, target, args)
        if (process.killed) return never()
        const late = chance.next()
        if (late < killAfter) {
          process.killed = true
          return never()
        }
        if (late < killAfter + failAfter) throw new Error(`planned failure after ${String(name)}`)
        return result
      }
    },
  })
}
