import type { SubjectState } from '@cdrstream/engine'

/** Reports whether everything is collected and delivered as configured. */
export interface Readiness {
  readonly status: 'ready' | 'not-ready'
  /** At most 100 reasons. */
  readonly reasons: readonly UnreadyReason[]
  readonly reasonsTotal: number
}

/** Why the collector is not ready. */
interface UnreadyReason {
  readonly subject: 'org' | 'sink' | 'collector'
  /** Null for the collector itself. */
  readonly name: string | null
  /** A stable code for programs. */
  readonly code: string
  readonly cause: string | null
  readonly remedy: string | null
}

const mostReasons = 100

export interface ReadinessFacts {
  readonly states: readonly SubjectState[]
  readonly isStopping: boolean
  /** How many orgs and sinks are configured. Each one reports its state once it has started. */
  readonly subjects: number
}

/** An org or a sink that works but is behind does not make the collector unready. */
export function judgeReadiness({ states, isStopping, subjects }: ReadinessFacts): Readiness {
  const reasons: readonly UnreadyReason[] = [
    ...(isStopping ? [ofCollector('stopping')] : []),
    ...(states.length < subjects ? [ofCollector('starting')] : []),
    ...states
      .filter(({ state }) => state !== 'ok' && state !== 'catching-up')
      .map(({ subject, name, code, state, cause, remedy }) => ({
        subject,
        name,
        code: code ?? state,
        cause,
        remedy,
      })),
  ]
  return {
    status: reasons.length === 0 ? 'ready' : 'not-ready',
    reasons: reasons.slice(0, mostReasons),
    reasonsTotal: reasons.length,
  }
}

function ofCollector(code: string): UnreadyReason {
  return { subject: 'collector', name: null, code, cause: null, remedy: null }
}
