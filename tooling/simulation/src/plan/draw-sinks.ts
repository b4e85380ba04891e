import type { Chance } from '@cdrstream-internal/chance'
import type { StoreKind } from '../sinks/sink-store.ts'
import { noShares, noTroubles, type SinkTroubles } from '../sinks/sink-troubles.ts'
import { minuteMs } from './draw-api.ts'
import type { PlannedSink } from './plan.ts'

/** The themes for a world's sinks. */
export const sinkThemes = [
  'quiet sinks',
  'retry',
  'refuse',
  'reject',
  'throw on a record',
  'pause',
  'throw',
  'hang',
  'lost answers',
  'partial retry',
  'down',
  'refuse everything',
  'emptied',
  'month emptied',
  'rolled back',
  'comes and goes',
  'renamed sink',
  'from now',
  'wait',
] as const

export type SinkTheme = (typeof sinkThemes)[number]

const pairs: readonly (readonly [StoreKind, StoreKind])[] = [
  ['revisions', 'lines'],
  ['latest', 'table'],
  ['lines', 'latest'],
  ['table', 'revisions'],
  ['revisions', 'log'],
  ['latest', 'lines'],
  ['table', 'log'],
]

/** Returns a world's sinks. `number` counts the worlds, so that every pair of stores meets every theme. */
export function drawSinks(chance: Chance, theme: SinkTheme, number: number): readonly PlannedSink[] {
  const [first, second] = pairs[number % pairs.length] ?? ['revisions', 'lines']
  const waits = theme === 'wait'
  const sinks = [
    plannedSink(chance, 'one', waits || theme === 'month emptied' ? 'latest' : first, theme),
    plannedSink(chance, 'two', second, theme),
  ]
  if (theme !== 'comes and goes' && theme !== 'from now') return sinks
  const late = plannedSink(chance, 'late', chance.oneOf(['latest', 'lines', 'table'] as const), theme)
  return [...sinks, { ...late, isInitial: false, from: theme === 'from now' ? 'now' : 'earliest' }]
}

function plannedSink(chance: Chance, name: string, store: StoreKind, theme: SinkTheme): PlannedSink {
  return {
    name,
    store,
    from: 'earliest',
    waitMs: theme === 'wait' && store === 'latest' ? 4 * minuteMs : 0,
    isInitial: true,
    troubles: drawTroubles(chance, theme),
  }
}

function drawTroubles(chance: Chance, theme: SinkTheme): SinkTroubles {
  const markThrows = chance.happens(0.3) ? 0.2 : 0
  const withShares = (shares: Partial<SinkTroubles['shares']>): SinkTroubles => ({
    ...noTroubles,
    markThrows,
    shares: { ...noShares, ...shares },
  })
  const withPoison = (how: 'refuse' | 'reject' | 'throw'): SinkTroubles => ({
    ...withShares({ retry: chance.happens(0.5) ? 0.1 : 0 }),
    poison: { share: chance.oneOf([0.004, 0.02] as const), how },
  })
  switch (theme) {
    case 'retry':
      return withShares({ retry: 0.2, reopen: 0.15 })
    case 'refuse':
      return withPoison('refuse')
    case 'reject':
      return withPoison('reject')
    case 'throw on a record':
      return withPoison('throw')
    case 'pause':
      return withShares({ failed: 0.1 })
    case 'throw':
      return withShares({ throw: 0.15, half: 0.15 })
    case 'hang':
      return withShares({ hang: 0.15 })
    case 'lost answers':
      return withShares({ lost: 0.15, 'lost-hang': 0.1 })
    case 'partial retry':
      return withShares({ again: 0.3, retry: 0.1 })
    case 'down':
    case 'refuse everything': {
      const fromMs = chance.integer(2, 20) * minuteMs
      const how =
        theme === 'down' ? chance.oneOf(['retry', 'failed', 'throw', 'hang'] as const) : 'refuse-all'
      return {
        ...withShares({}),
        outages: [{ fromMs, toMs: fromMs + chance.integer(10, 60) * minuteMs, how }],
      }
    }
    case 'quiet sinks':
      return noTroubles
    default:
      return withShares({ retry: chance.happens(0.5) ? 0.1 : 0 })
  }
}
