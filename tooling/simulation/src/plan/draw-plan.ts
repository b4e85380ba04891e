import type { Chance } from '@cdrstream-internal/chance'
import { type ApiTheme, apiThemes, drawApi, minuteMs } from './draw-api.ts'
import {
  drawBreaks,
  drawClock,
  drawEmptyings,
  drawJournal,
  drawSetBacks,
  type LifeTheme,
  lifeThemes,
} from './draw-life.ts'
import { drawMix, drawOrgs } from './draw-records.ts'
import { drawSinks, type SinkTheme, sinkThemes } from './draw-sinks.ts'
import type { Plan, Span } from './plan.ts'

const morningMs = Date.UTC(2026, 8, 24, 6)
const always = { fromMs: Number.NEGATIVE_INFINITY, toMs: Number.POSITIVE_INFINITY }
/** The last hour of a month. */
const lateMs = Date.UTC(2026, 8, 30, 23, 15)

/**
 * Gives each world one theme for its API, one for its sinks and one for its process and journal, and draws
 * the rest. The themes go round at different paces, so that a run of many seeds has all of them, and in many
 * combinations.
 */
export function drawPlan(chance: Chance, seed: number): Plan {
  // Both halves of a run, the even and the odd seeds, have every theme.
  const number = Math.floor(seed / 2)
  const api: ApiTheme = themeOf(apiThemes, number)
  const sinkTheme: SinkTheme = themeOf(sinkThemes, number)
  const drawnLife: LifeTheme = themeOf(lifeThemes, number)
  const life = api !== 'calm' || isCalmLife(drawnLife) ? drawnLife : 'steady'
  // Records that become visible late are promised only while the audit has time for its work.
  const isCalm = api === 'calm'
  const isShared = api === 'shared credential' || chance.happens(0.1)
  const count = countOrgs(chance, number, api, life)
  const drawn = drawApi(chance, {
    theme: api,
    isCalm,
    isShared: isShared && count === 2,
    isBehind: life === 'short down',
  })
  const { retentionMs } = drawn.terms
  // Well over midnight.
  const leastMin = life === 'midnight' ? 65 : 35
  const forMs = count > 2 && life !== 'midnight' ? 12 * minuteMs : chance.integer(leastMin, 80) * minuteMs
  const startMs = life === 'midnight' || sinkTheme === 'month emptied' ? lateMs : morningMs
  const hasLateOne = life === 'orgs come and go'
  return {
    features: [api, sinkTheme, life, ...(isCalm ? ['late visible'] : [])],
    startMs,
    forMs,
    mode:
      life === 'once'
        ? { kind: 'once', everyMs: chance.oneOf([5, 10] as const) * minuteMs }
        : { kind: 'continuous' },
    api: drawn,
    orgs: drawOrgs(chance, { count, isShared: isShared && count === 2, hasLateOne }),
    mix: drawMix(chance, isCalm, retentionMs),
    longestDelayMs: isCalm || count > 2 ? 200 : chance.oneOf([200, 2_000, 8_000] as const),
    // A failure of the journal makes the search for a bad second begin again, and it has no time to lose.
    journal: drawJournal(chance, life, isCalm || drawn.unserved.length > 0, forMs),
    sinks: drawSinks(chance, sinkTheme, number),
    clock: drawClock(chance, life),
    breaks: drawBreaks(chance, { life, sinkTheme, forMs, retentionMs }),
    revision: life === 'midnight' ? { firstMs: 20 * minuteMs, laterMs: 50 * minuteMs } : null,
    // A sink that gets its witness again, because the key was forgotten, cannot tell that it was emptied.
    emptyings:
      life === 'keys forgotten'
        ? []
        : drawEmptyings(sinkTheme, forMs, new Date(startMs).toISOString().slice(0, 7)),
    setBacks: life === 'keys forgotten' ? [] : drawSetBacks(sinkTheme, forMs),
    promises: {
      lateVisible: isCalm,
      mayExpire: life === 'long down' ? [always] : drawn.unserved.map(aMinuteWider),
    },
  }
}

/**
 * The search for a bad second takes a minute for each request, and these worlds remember an hour or two
 * instead of twelve.
 */
function aMinuteWider({ fromMs, toMs }: Span): Span {
  return { fromMs: fromMs - minuteMs, toMs: toMs + minuteMs }
}

function themeOf<Theme>(themes: readonly Theme[], number: number): Theme {
  const theme = themes[number % themes.length]
  if (theme === undefined) throw new RangeError('no themes')
  return theme
}

/** A machine that was down has less time for late records. */
function isCalmLife(life: LifeTheme): boolean {
  return life === 'steady' || life === 'midnight' || life === 'journal pruned' || life === 'clock steps'
}

function countOrgs(chance: Chance, number: number, api: ApiTheme, life: LifeTheme): number {
  if (api === 'many orgs') return drawMany(chance, number)
  // A run from cron lasts as long as the search for a bad second. The hour that these worlds remember is too
  // short for a second org to wait.
  const isSearching = api === 'unserved seconds' || api === 'endless chains'
  return life === 'once' && isSearching ? 1 : chance.oneOf([1, 1, 2] as const)
}

/** Up to 200, in few seeds: they cost the time of the test. */
function drawMany(chance: Chance, number: number): number {
  return number % 308 === 74 ? 200 : chance.integer(6, 12)
}
