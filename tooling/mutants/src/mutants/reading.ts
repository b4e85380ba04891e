import type { Mutant } from '../mutant.ts'

const applyEvent = 'packages/core/src/apply-event.test.ts'
const caughtUp = 'packages/core/src/caught-up.test.ts'
const alwaysProgresses = 'packages/core/src/always-progresses.test.ts'
const planUnserved = 'packages/core/src/plan-unserved.test.ts'
const planWindow = 'packages/core/src/plan-window.test.ts'
const search = 'packages/core/src/search-unserved.test.ts'
const wrongDates = 'packages/core/src/wrong-dates.test.ts'
const windowLimit = 'packages/core/src/window-limit.test.ts'

/**
 * Which windows are requested, when a window counts as read, and what happens to one that the API does not
 * serve.
 */
export const readingMutants: readonly Mutant[] = [
  {
    name: 'look-back-removed',
    file: 'packages/core/src/plan-head.ts',
    find: 'edgeSec - Math.floor(lookBackMs(view, deep) / 1_000),',
    replace: 'edgeSec,',
    caughtBy: planWindow,
  },
  {
    name: 'deep-look-back-never-due',
    file: 'packages/core/src/plan-head.ts',
    find: 'const deep = (headSec - state.progress.deepAtSec) * 1_000 >= view.schedule.deepEveryMs',
    replace: 'const deep = false',
    caughtBy: planWindow,
  },
  {
    name: 'audit-never-planned',
    file: 'packages/core/src/plan-window.ts',
    find: 'return planAudit(view) ?? planDoubt(view)',
    replace: 'return planDoubt(view)',
    caughtBy: planWindow,
  },
  {
    name: 'doubtful-span-never-read-again',
    file: 'packages/core/src/plan-window.ts',
    find: 'return planAudit(view) ?? planDoubt(view)',
    replace: 'return planAudit(view)',
    caughtBy: planWindow,
  },
  {
    name: 'backlog-starves-the-head',
    file: 'packages/core/src/plan-window.ts',
    find: 'sinceHead >= minShare - 1 ||\n    (sinceHead >= headShare - 1 && hasLongBacklog(view)) ||',
    replace: '',
    caughtBy: planWindow,
  },
  {
    name: 'short-window-never-doubted',
    file: 'packages/core/src/check-complete.ts',
    find: 'const short = totalCount !== null && items < totalCount',
    replace: 'const short = false',
    caughtBy: applyEvent,
  },
  {
    name: 'full-page-without-a-link-trusted',
    file: 'packages/core/src/check-complete.ts',
    find: 'const brimful = totalCount === null && isPageSize(event.items, terms)',
    replace: 'const brimful = false',
    caughtBy: applyEvent,
  },
  {
    name: 'emptied-window-trusted',
    file: 'packages/core/src/check-complete.ts',
    find: 'const emptied = items === 0 && hadItems !== null && contains(window, hadItems)',
    replace: 'const emptied = false',
    caughtBy: applyEvent,
  },
  {
    name: 'resumed-window-never-counted',
    file: 'packages/core/src/check-complete.ts',
    find: 'progress: items < chain.totalCount ? doubt(progress, chain.window, again) : progress,',
    replace: 'progress,',
    caughtBy: 'packages/core/src/check-complete.test.ts',
  },
  {
    name: 'repeated-items-of-a-page-counted-twice',
    file: 'packages/core/src/apply-page.ts',
    find: 'items: before.items + event.items - (isFirst ? 0 : event.repeated),',
    replace: 'items: before.items + event.items,',
    caughtBy: applyEvent,
  },
  {
    name: 'second-of-the-resume-point-counts-as-read',
    file: 'packages/core/src/apply-page.ts',
    find: 'Math.max(readToSec, Math.floor(next.resumeMs / 1_000))',
    replace: 'Math.max(readToSec, Math.ceil(next.resumeMs / 1_000))',
    caughtBy: applyEvent,
  },
  {
    name: 'resume-point-at-the-end-trusted',
    file: 'packages/core/src/apply-page.ts',
    find: 'if (next.resumeMs === null || next.resumeMs >= window.toSec * 1_000) return readToSec',
    replace: 'if (next.resumeMs === null) return readToSec',
    caughtBy: applyEvent,
  },
  {
    name: 'endless-chain-followed-forever',
    file: 'packages/core/src/apply-page.ts',
    find: 'return reading.pages >= (isSmallest ? 10 : 2) * perMinute',
    replace: 'return reading.pages >= (isSmallest ? 10_000 : 2_000) * perMinute',
    caughtBy: alwaysProgresses,
  },
  {
    name: 'same-link-followed-forever',
    file: 'packages/core/src/apply-page.ts',
    find: 'if (next !== null && next.query === before.link && event.items > 0) return',
    replace: 'if (next !== null && next.query === before.link && event.items < 0) return',
    caughtBy: applyEvent,
  },
  {
    name: 'truncated-audit-counts-as-done',
    file: 'packages/core/src/apply-page.ts',
    find: "auditedToSec: reading.purpose === 'audit' ? read.toSec :",
    replace: "auditedToSec: reading.purpose === 'audit' ? reading.window.toSec :",
    caughtBy: applyEvent,
  },
  {
    name: 'failed-window-not-divided',
    file: 'packages/core/src/unserved.ts',
    find: "return sorted([...others, { ...span, stage: 'divided', failures: tries, notBeforeMs: 0 }])",
    replace: "return sorted([...others, { ...span, stage: 'rest', failures: tries, notBeforeMs: 0 }])",
    caughtBy: alwaysProgresses,
  },
  {
    name: 'refused-window-not-divided',
    file: 'packages/core/src/apply-refused.ts',
    find: 'const isExplained = (mayBeAge && isOldest) || (mayBeLength && accepted.lengthSec > 0)',
    replace: 'const isExplained = mayBeAge || mayBeLength',
    caughtBy: search,
  },
  {
    name: 'skipped-seconds-not-doubted',
    file: 'packages/core/src/apply-failed.ts',
    find: 'const coverage = passed.reduce(doubtRead, progress.coverage)',
    replace: 'const { coverage } = progress',
    caughtBy: alwaysProgresses,
  },
  {
    name: 'retries-of-orgs-without-jitter',
    file: 'packages/engine/src/collect-state.ts',
    find: 'this.#nowMs(), platform.chance?.())',
    replace: 'this.#nowMs())',
    caughtBy: 'packages/engine/src/retry-spread.test.ts',
  },
  {
    name: 'failures-without-a-pause',
    file: 'packages/core/src/apply-failed.ts',
    find: 'retryWaitMs({ firstMs: perMs, longestMs }, failures - 2, at.chance)',
    replace: '0',
    caughtBy: applyEvent,
  },
  {
    name: 'windows-stay-short-forever',
    file: 'packages/core/src/window-limit.ts',
    find: 'const lengthSec = limit.lengthSec * 2',
    replace: 'const { lengthSec } = limit',
    caughtBy: windowLimit,
  },
  {
    name: 'windows-never-limited',
    file: 'packages/core/src/window-limit.ts',
    find: 'if (limitSec >= knownSec) return state',
    replace: 'if (limitSec > 0) return state',
    caughtBy: search,
  },
  {
    name: 'second-bad-spot-ignored-as-evidence',
    file: 'packages/core/src/apply-failed.ts',
    find: "return purpose === 'unserved' || isRefused ? 2 : 1",
    replace: "return purpose !== 'unserved' && isRefused ? 2 : 1",
    caughtBy: search,
  },
  {
    name: 'search-starves-the-head',
    file: 'packages/core/src/plan-window.ts',
    find: "(sinceHead >= searchShare - 1 && previous === 'unserved')",
    replace: "(sinceHead > searchShare * 100 && previous === 'unserved')",
    caughtBy: search,
  },
  {
    name: 'unread-half-waits-behind-a-read-one',
    file: 'packages/core/src/plan-unserved.ts',
    find: 'unreadSpans(state.progress.coverage, inReach(span)).length > 0',
    replace: 'unreadSpans(state.progress.coverage, inReach(nextPart(span))).length > 0',
    caughtBy: planUnserved,
  },
  {
    name: 'waits-for-a-wrong-time',
    file: 'packages/core/src/plan-head.ts',
    find: 'return (edgeSec - headSec) * 1_000 > schedule.perMs',
    replace: 'return (edgeSec - headSec) * 1_000 > schedule.perMs * 1_000_000',
    caughtBy: wrongDates,
  },
  {
    name: 'false-gaps-stay',
    file: 'packages/core/src/plan-view.ts',
    find: "if (interval.level !== 'gap') return [interval]",
    replace: 'if (interval.toSec > 0) return [interval]',
    caughtBy: wrongDates,
  },
  {
    name: 'tighter-terms-never-learned',
    file: 'packages/core/src/learned-terms.ts',
    find: 'if (learned === undefined) return terms',
    replace: 'if (learned === undefined || terms !== undefined) return terms',
    caughtBy: alwaysProgresses,
  },
  {
    name: 'audit-waits-for-unserved-seconds',
    file: 'packages/core/src/plan-window.ts',
    find: '(atSec, span) => (span.fromSec <= atSec ? Math.max(atSec, span.toSec) : atSec),',
    replace: '(atSec) => atSec,',
    caughtBy: planWindow,
  },
  {
    name: 'run-once-ends-before-its-audits',
    file: 'packages/core/src/caught-up.ts',
    find: 'return doubts.length === 0 && planAudit(view) === undefined',
    replace: 'return true',
    caughtBy: caughtUp,
  },
]
