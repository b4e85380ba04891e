import type { Mutant } from '../mutant.ts'

const applyEvent = 'packages/core/src/apply-event.test.ts'
const collectLoop = 'packages/engine/src/collect-loop.test.ts'
const coverage = 'packages/core/src/coverage.test.ts'
const readableSpan = 'packages/core/src/readable-span.test.ts'

/** Time, coverage, expiry, and how a page is added to the journal. */
export const collectingMutants: readonly Mutant[] = [
  {
    name: 'refusals-of-old-starts-forgotten-with-each-new-window',
    file: 'packages/core/src/apply-page.ts',
    find: 'ageRefusals: isOldest ? 0 : state.ageRefusals',
    replace: 'ageRefusals: ageSec > state.accepted.ageSec ? 0 : state.ageRefusals',
    caughtBy: applyEvent,
  },
  {
    name: 'gap-not-recorded',
    file: 'packages/core/src/apply-event.ts',
    find: 'const coverage = recordGap(progress.coverage, { fromSec: progress.originSec, toSec: readable.fromSec })',
    replace: 'const { coverage } = progress',
    caughtBy: applyEvent,
  },
  {
    name: 'records-expire-by-the-local-clock-only',
    file: 'packages/core/src/apply-event.ts',
    find: "return after.server.presumed && event.kind !== 'page' ? after : recordExpired(after, terms, nowMs)",
    replace: 'return recordExpired(after, terms, nowMs)',
    caughtBy: applyEvent,
  },
  {
    name: 'date-of-a-proxy-taken-for-the-server',
    file: 'packages/core/src/apply-event.ts',
    find: 'if (!isFromApi || event.server === undefined) return state',
    replace: 'if (event.server === undefined) return state',
    caughtBy: applyEvent,
  },
  {
    name: 'single-absurd-date-accepted',
    file: 'packages/core/src/server-clock.ts',
    find: 'return confirmed ?? { ...before, contradiction: fresh }',
    replace: 'return confirmed ?? { ...before, ...fresh }',
    caughtBy: 'packages/core/src/server-clock.test.ts',
  },
  {
    name: 'origin-of-a-wrong-clock-kept',
    file: 'packages/core/src/correct-origin.ts',
    find: 'shiftProgress(earlier, correctionSec(state.server))',
    replace: 'shiftProgress(earlier, 0 * correctionSec(state.server))',
    caughtBy: 'packages/engine/src/wrong-clock.test.ts',
  },
  {
    name: 'reading-again-downgrades-final-seconds',
    file: 'packages/core/src/coverage.ts',
    find: 'known !== undefined && order.indexOf(known) >= rank ? known : level',
    replace: 'rank < 0 ? known ?? level : level',
    caughtBy: coverage,
  },
  {
    name: 'complete-through-unread-seconds',
    file: 'packages/core/src/coverage.ts',
    find: 'if (fromSec > frontierSec) break',
    replace: '',
    caughtBy: coverage,
  },
  {
    name: 'expiry-by-the-wrong-bound-of-the-clock',
    file: 'packages/core/src/readable-span.ts',
    find: 'nowMs + aheadMaxMs',
    replace: 'nowMs + aheadMinMs',
    caughtBy: readableSpan,
  },
  {
    name: 'head-read-before-it-has-settled',
    file: 'packages/core/src/readable-span.ts',
    find: 'nowMs + aheadMinMs - settleMs - state.marginMs',
    replace: 'nowMs + aheadMinMs - state.marginMs',
    caughtBy: readableSpan,
  },
  {
    name: 'slot-not-durable-before-its-request',
    file: 'packages/engine/src/credential-lane.ts',
    find: '.changeBudget(this.credential, (budget) => reserveSlot(',
    replace: '.budget(this.credential).then((budget) => reserveSlot(',
    caughtBy: 'packages/engine/src/credential-lane.test.ts',
  },
  {
    name: 'progress-kept-after-a-failed-commit',
    file: 'packages/engine/src/collect-state.ts',
    find: 'progress: this.#durable, reading: null',
    replace: 'reading: null',
    caughtBy: collectLoop,
  },
  {
    name: 'items-that-are-not-records-dropped',
    file: 'packages/engine/src/accept-page.ts',
    find: "items.filter((item) => item.kind === 'unusable')",
    replace: "items.filter((item) => item.kind === 'unusable' && item.bytes.length === 0)",
    caughtBy: collectLoop,
  },
]
