import type { OrgStatus, SinkStatus, StateStatus, Status } from './status.ts'

type State = StateStatus['state']

/** Ordered from the most to the least urgent state. */
const worstFirst: readonly State[] = ['paused', 'retrying', 'waiting', 'catching-up', 'ok']
const mostNames = 3

/** Returns the orgs from worst to best: by state, then by earliest expiry. */
export function worstOrgsFirst(orgs: readonly OrgStatus[]): readonly OrgStatus[] {
  const deadline = ({ coverage }: OrgStatus) =>
    coverage?.oldestUnreadExpiresInSeconds ?? Number.POSITIVE_INFINITY
  return orgs.toSorted((a, b) => rank(a) - rank(b) || compare(deadline(a), deadline(b)))
}

/** Returns the sinks from worst to best: by state, then by lag. */
export function worstSinksFirst(sinks: readonly SinkStatus[]): readonly SinkStatus[] {
  return sinks.toSorted((a, b) => rank(a) - rank(b) || b.lagSeconds - a.lagSeconds)
}

/** Returns `500 orgs: 2 paused (acme, globex), 498 ok; 1 sink: 1 ok`. */
export function summarizeStatus({ orgs, sinks }: Pick<Status, 'orgs' | 'sinks'>): string {
  return `${summary(orgs, 'org')}; ${summary(sinks, 'sink')}`
}

function summary(subjects: readonly (OrgStatus | SinkStatus)[], noun: string): string {
  const counts = worstFirst.flatMap((state) => {
    const names = subjects.filter((subject) => subject.state.state === state).map(({ name }) => name)
    if (names.length === 0) return []
    const shown = names.slice(0, mostNames).join(', ') + (names.length > mostNames ? ', …' : '')
    const words = state.replace('-', ' ')
    return [state === 'ok' ? `${names.length} ok` : `${names.length} ${words} (${shown})`]
  })
  const total = `${subjects.length.toLocaleString('en')} ${noun}${subjects.length === 1 ? '' : 's'}`
  return counts.length === 0 ? total : `${total}: ${counts.join(', ')}`
}

function rank({ state }: { readonly state: StateStatus }): number {
  return worstFirst.indexOf(state.state)
}

/** Infinity minus Infinity would be NaN. */
function compare(a: number, b: number): number {
  return a === b ? 0 : a - b
}
