import type { Mutant } from '../mutant.ts'

const budget = 'packages/core/src/budget/budget.test.ts'
const budgetFile = 'packages/core/src/budget/budget.ts'

/** The rate limit of a credential, which must not affect other users of it. */
export const budgetMutants: readonly Mutant[] = [
  {
    name: 'retry-after-ignored',
    file: budgetFile,
    find: 'Math.max(retryAfterMs ?? 0, perMs)',
    replace: 'perMs',
    caughtBy: budget,
  },
  {
    name: 'absurd-retry-after-stops-collecting',
    file: budgetFile,
    find: 'Math.min(Math.max(retryAfterMs ?? 0, perMs), maxPushBackIntervals * perMs)',
    replace: 'Math.max(retryAfterMs ?? 0, perMs)',
    caughtBy: budget,
  },
  {
    name: 'too-many-requests-not-remembered',
    file: budgetFile,
    find: 'notBeforeMs,\n    pushBackMs: notBeforeMs - nowMs,',
    replace: '',
    caughtBy: budget,
  },
  {
    name: 'push-back-of-a-minute-becomes-an-hour',
    file: budgetFile,
    find: 'Math.min(budget.pushBackMs ?? longestMs, longestMs)',
    replace: 'longestMs',
    caughtBy: budget,
  },
  {
    name: 'budget-reset-on-restart',
    file: budgetFile,
    find: 'slots: budget.slots.map((slot) => ({\n      ...slot,',
    replace: 'slots: [].map((slot: Slot) => ({\n      ...slot,',
    caughtBy: budget,
  },
  {
    name: 'request-in-flight-at-a-crash-forgotten',
    file: budgetFile,
    find: '(slot.countsFromMs ?? latestMs) + aheadMs',
    replace: '(slot.countsFromMs ?? 0) + aheadMs',
    caughtBy: budget,
  },
  {
    name: 'clock-set-forward-frees-slots',
    file: budgetFile,
    find: ': Math.max(0, now.atMs - before.atMs)',
    replace: ': 0',
    caughtBy: budget,
  },
  {
    name: 'other-use-of-the-credential-not-detected',
    file: budgetFile,
    find: 'return budget.foreignUse === undefined ? spanMs : 2 * spanMs',
    replace: 'return spanMs',
    caughtBy: budget,
  },
  {
    name: 'unanswered-request-frees-its-slot',
    file: budgetFile,
    find: 'return countSlot(budget, id, nowMs + travelMs(terms))',
    replace: 'return { ...budget, slots: budget.slots.filter((slot) => slot.id !== id) }',
    caughtBy: budget,
  },
  {
    name: 'renamed-credential-starts-with-an-empty-budget',
    file: 'packages/engine/src/recover-budgets.ts',
    find: 'const inherited = known.has(credential) ? [] : former',
    replace: 'const inherited = former.slice(former.length)',
    caughtBy: 'packages/engine/src/credential-lane.test.ts',
  },
]
