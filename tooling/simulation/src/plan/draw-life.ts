import type { Chance } from '@cdrstream-internal/chance'
import { reliable, type Unreliability } from '../world/unreliable.ts'
import { minuteMs } from './draw-api.ts'
import type { SinkTheme } from './draw-sinks.ts'
import type { Break, Change, ClockPlan, Emptying, JournalPlan, Rollback } from './plan.ts'

/** The themes for a world's process, machine and journal. */
export const lifeThemes = [
  'steady',
  'kills',
  'kills',
  'journal restored',
  'journal replaced',
  'journal full',
  'journal pruned',
  'journal too large',
  'keys forgotten',
  'clock steps',
  'reboots',
  'orgs come and go',
  'renamed org',
  'short downtime',
  'long downtime',
  'once',
  'midnight',
] as const

export type LifeTheme = (typeof lifeThemes)[number]

const dayMs = 86_400_000

export function drawJournal(
  chance: Chance,
  theme: LifeTheme,
  isCalm: boolean,
  durationMs: number,
): JournalPlan {
  const kills = theme === 'kills'
  const troubles: Unreliability = isCalm
    ? reliable
    : {
        killBefore: kills ? chance.between(0.0005, 0.004) : 0,
        killAfter: kills ? chance.between(0.0005, 0.004) : chance.oneOf([0, 0.0005] as const),
        failBefore: chance.oneOf([0, 0.01] as const),
        failAfter: chance.oneOf([0, 0.01] as const),
      }
  const fromMs = chance.integer(3, 10) * minuteMs
  return {
    troubles,
    full: theme === 'journal full' ? [{ fromMs, toMs: fromMs + chance.integer(2, 10) * minuteMs }] : [],
    limits: {
      ...(theme === 'journal pruned' && { keepMs: 5 * minuteMs }),
      ...(theme === 'journal too large' && { maxBytes: chance.integer(60, 150) * 1_000 }),
      ...(theme === 'keys forgotten' && { rememberMs: Math.floor(durationMs / 8) }),
    },
  }
}

export function drawClock(chance: Chance, theme: LifeTheme): ClockPlan {
  const driftPpm = chance.oneOf([0, 0, 100, -100] as const)
  if (theme !== 'clock steps') return { aheadMs: 0, driftPpm }
  return { aheadMs: drawAheadMs(chance), driftPpm }
}

function drawAheadMs(chance: Chance): number {
  return Math.round(
    chance.oneOf([
      () => 0,
      () => chance.between(-600_000, 600_000),
      () => chance.between(-18, 18) * 3_600_000,
      () => chance.between(-40, 40) * dayMs,
    ])(),
  )
}

export interface LifeContext {
  readonly life: LifeTheme
  readonly sinkTheme: SinkTheme
  readonly durationMs: number
  readonly retentionMs: number
}

/** Returns the planned interruptions of the process, in order. */
export function drawBreaks(chance: Chance, context: LifeContext): readonly Break[] {
  const { durationMs } = context
  const at = (share: number) => Math.round(share * durationMs)
  const breaks = [...lifeBreaks(chance, context, at), ...sinkBreaks(context, at)]
  return breaks.sort((a, b) => a.atMs - b.atMs)
}

function lifeBreaks(
  chance: Chance,
  { life, retentionMs }: LifeContext,
  at: (share: number) => number,
): readonly Break[] {
  const short = () => Math.round(chance.between(0, 60_000))
  // The used budget is lost with the journal, so the next process must not start within a minute.
  const slow = () => ({ downMs: 70_000 + short() })
  const how = chance.oneOf(['kill', 'stop'] as const)
  const usual = (share: number, rest: Partial<Break>): Break => ({
    atMs: at(share),
    how,
    downMs: short(),
    ...rest,
  })
  const change = (share: number, kind: Change['kind'], name: string) =>
    usual(share, { change: { kind, name } })
  switch (life) {
    case 'kills':
      return [usual(0.3, { how: 'kill', journal: 'crash-image' })]
    case 'journal restored':
      return [usual(0.3, { how: 'stop', journal: 'back-up' }), usual(0.7, { journal: 'restore', ...slow() })]
    case 'journal replaced':
      return [usual(0.6, { journal: 'replace', ...slow() })]
    case 'clock steps':
      return [0.25, 0.5, 0.75].map((share) => usual(share, { aheadMs: drawAheadMs(chance) }))
    case 'reboots':
      // Rebooting takes at least a minute.
      return [usual(0.4, { reboots: true, aheadMs: drawAheadMs(chance), downMs: 60_000 + short() })]
    case 'orgs come and go':
      return [
        change(0.2, 'org-in', 'cyan'),
        change(0.4, 'org-out', 'acme'),
        change(0.5, 'org-in', 'acme'),
        change(0.7, 'org-out', 'cyan'),
      ]
    case 'renamed org':
      return [change(0.4, 'org-renamed', 'acme')]
    case 'short downtime':
      return [usual(0.5, { downMs: Math.round((retentionMs * 11) / 12) - 10 * minuteMs })]
    case 'long downtime':
      return [usual(0.5, { downMs: Math.round((retentionMs * 13) / 12) })]
    default:
      return []
  }
}

function sinkBreaks({ sinkTheme }: LifeContext, at: (share: number) => number): readonly Break[] {
  const change = (share: number, kind: Change['kind'], name: string): Break => ({
    atMs: at(share),
    how: 'stop',
    downMs: 10_000,
    change: { kind, name },
  })
  switch (sinkTheme) {
    case 'comes and goes':
      return [
        change(0.25, 'sink-in', 'late'),
        change(0.45, 'sink-out', 'two'),
        change(0.65, 'sink-in', 'two'),
      ]
    case 'from now':
      return [change(0.4, 'sink-in', 'late')]
    case 'renamed sink':
      return [change(0.5, 'sink-renamed', 'one')]
    default:
      return []
  }
}

export function drawRollbacks(theme: SinkTheme, durationMs: number): readonly Rollback[] {
  if (theme !== 'rolled back') return []
  const restoredMs = Math.round(durationMs * 0.6)
  return ['one', 'two'].map((sink) => ({ sink, savedMs: Math.round(durationMs * 0.3), restoredMs }))
}

export function drawEmptyings(theme: SinkTheme, durationMs: number, month: string): readonly Emptying[] {
  const atMs = Math.round(durationMs * 0.6)
  switch (theme) {
    case 'emptied':
      return [
        { atMs, sink: 'one', month: null },
        { atMs, sink: 'two', month: null },
      ]
    case 'month emptied':
      return [{ atMs, sink: 'one', month }]
    default:
      return []
  }
}
