import { type RecordMix, usualMix } from '@cdrstream/simulator'
import type { Chance } from '@cdrstream-internal/chance'
import { minuteMs } from './draw-api.ts'
import type { PlannedOrg } from './plan.ts'

export function drawMix(chance: Chance, isCalm: boolean, retentionMs: number): RecordMix {
  const maybe = (share: number) => (chance.happens(0.5) ? chance.between(0, share) : 0)
  return {
    ...usualMix,
    insertionDelayMs: chance.oneOf([1, 2_000, 20_000] as const),
    lateShare: maybe(0.2),
    lateMaxMs: chance.integer(1, 20) * minuteMs,
    repeatShare: maybe(0.1),
    revisionShare: chance.happens(0.7) ? chance.between(0.02, 0.15) : 0,
    twinShare: maybe(0.05),
    lagShare: isCalm ? 0.05 : 0,
    // Look-back and audit find records that become visible in a span that was already read.
    lagMaxMs: isCalm ? retentionMs / 4 : 0,
    strangeShare: maybe(0.1),
  }
}

export interface OrgContext {
  readonly count: number
  readonly isShared: boolean
  /** Whether one of the orgs is added to the configuration later. */
  readonly hasLateOrg: boolean
}

export function drawOrgs(chance: Chance, { count, isShared, hasLateOrg }: OrgContext): readonly PlannedOrg[] {
  const others = Array.from({ length: count }, (_, at) => `org-${at}`)
  const names = ['acme', 'blue', ...others].slice(0, count)
  const all = hasLateOrg ? [...names, 'cyan'] : names
  return all.map((name) => ({
    name,
    credential: isShared ? 'shared' : name,
    recordsPerMinute: inBursts(count > 2 ? 0.05 : chance.oneOf([0.7, 2, 6] as const)),
    isInitial: name !== 'cyan',
  }))
}

/**
 * Returns a rate at which calls end only in every fourth second. This results in few records, which keeps the
 * test fast, but often several in the same second. The insertion delay can scatter them again.
 */
function inBursts(perMinute: number): (atMs: number) => number {
  return (atMs) => (Math.floor(atMs / 1_000) % 4 === 0 ? 4 * perMinute : 0)
}
