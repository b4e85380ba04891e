import type { Chance } from '@cdrstream-internal/chance'
import { type ApiTheme, apiThemes, drawApi, minuteMs } from './draw-api.ts'
import {
  drawBreaks,
  drawClock,
  drawEmptyings,
  drawJournal,
  drawRollbacks,
  type LifeTheme,
  lifeThemes,
} from './draw-life.ts'
import { drawMix, drawOrgs } from './draw-records.ts'
import { drawSinks, type SinkTheme, sinkThemes } from './draw-sinks.ts'
import type { Plan, Span } from './plan.ts'

const morningMs = Date.UTC(2026, 8, 24, 6)
const always = { fromMs: Number.NEGATIVE_INFINITY, toMs: Number.POSITIVE_INFINITY }
/** The start of a world that spans midnight and the end of a month. */
const lateMs = Date.UTC(2026, 8, 30, 23, 15)

/**
 * Gives each world a theme for its API, one for its sinks, and one for its process and journal, and draws the
 * rest at random. The themes rotate with different periods, so that many seeds cover all of them in many
 * combinations.
 */
export function drawPlan(chance: Chance, seed: number): Plan {
  // Two consecutive seeds share a number, so that both the even and the odd seeds cover every theme.
  const number = Math.floor(seed / 2)
  const api: ApiTheme = themeOf(apiThemes, number)
  const sinkTheme: SinkTheme = themeOf(sinkThemes, number)
  const drawnLife: LifeTheme = themeOf(lifeThemes, number)
  const life = api !== 'calm' || isCalmLife(drawnLife) ? drawnLife : 'steady'
  // The audit has enough time to find records that become visible late only in a calm world.
  const isCalm = api === 'calm'
  const isShared = api === 'shared credential' || chance.happens(0.1)
  const count = countOrgs(chance, number, api, life)
  const drawn = drawApi(chance, {
    theme: api,
    isCalm,
    isShared: isShared && count === 2,
    isBehind: life === 'short downtime',
  })
  const { retentionMs } = drawn.terms
  // Long enough to run well past midnight.
  const minMinutes = life === 'midnight' ? 65 : 35
  const durationMs =
    count > 2 && life !== 'midnight' ? 12 * minuteMs : chance.integer(minMinutes, 80) * minuteMs
  const startMs = life === 'midnight' || sinkTheme === 'month emptied' ? lateMs : morningMs
  const hasLateOrg = life === 'orgs come and go'
  return {
    features: [api, sinkTheme, life, ...(isCalm ? ['late visible'] : [])],
    startMs,
    durationMs,
    mode:
      life === 'once'
        ? { kind: 'once', everyMs: chance.oneOf([5, 10] as const) * minuteMs }
        : { kind: 'continuous' },
    api: drawn,
    orgs: drawOrgs(chance, { count, isShared: isShared && count === 2, hasLateOrg }),
    mix: drawMix(chance, isCalm, retentionMs),
    longestDelayMs: isCalm || count > 2 ? 200 : chance.oneOf([200, 2_000, 8_000] as const),
    // A failure of the journal restarts the search for an unserved second, for which there would not be
    // enough time.
    journal: drawJournal(chance, life, isCalm || drawn.unserved.length > 0, durationMs),
    sinks: drawSinks(chance, sinkTheme, number),
    clock: drawClock(chance, life),
    breaks: drawBreaks(chance, { life, sinkTheme, durationMs, retentionMs }),
    revision: life === 'midnight' ? { firstMs: 20 * minuteMs, laterMs: 50 * minuteMs } : null,
    // The engine detects an emptied sink by records that it delivered earlier. If their keys are forgotten,
    // they may be delivered again, which hides that the sink was emptied.
    emptyings:
      life === 'keys forgotten'
        ? []
        : drawEmptyings(sinkTheme, durationMs, new Date(startMs).toISOString().slice(0, 7)),
    rollbacks: life === 'keys forgotten' ? [] : drawRollbacks(sinkTheme, durationMs),
    promises: {
      lateVisible: isCalm,
      mayExpire: life === 'long downtime' ? [always] : drawn.unserved.map(widenByMinute),
    },
  }
}

/**
 * Adds a minute on each side, because the search for an unserved second may not finish: each request takes a
 * minute, and retention in these worlds is an hour or two instead of twelve.
 */
function widenByMinute({ fromMs, toMs }: Span): Span {
  return { fromMs: fromMs - minuteMs, toMs: toMs + minuteMs }
}

function themeOf<Theme>(themes: readonly Theme[], number: number): Theme {
  const theme = themes[number % themes.length]
  if (theme === undefined) throw new RangeError('no themes')
  return theme
}

/** Returns whether the process stays up, which leaves enough time to find late records. */
function isCalmLife(life: LifeTheme): boolean {
  return life === 'steady' || life === 'midnight' || life === 'journal pruned' || life === 'clock steps'
}

function countOrgs(chance: Chance, number: number, api: ApiTheme, life: LifeTheme): number {
  if (api === 'many orgs') return drawMany(chance, number)
  // In mode once, a run lasts as long as the search for an unserved second, and a second org would wait
  // longer than the retention in these worlds.
  const isSearching = api === 'unserved seconds' || api === 'endless chains'
  return life === 'once' && isSearching ? 1 : chance.oneOf([1, 1, 2] as const)
}

/** Returns a number of orgs. Only a few seeds have 200, because they make the test slow. */
function drawMany(chance: Chance, number: number): number {
  return number % 308 === 74 ? 200 : chance.integer(6, 12)
}
