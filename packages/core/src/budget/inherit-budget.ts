import type { Budget } from './budget.ts'

/**
 * Returns the budget of a credential that may be the same as one with an older name: the slots and waits of
 * both count. A credential is named after an org, so its name changes when the org is renamed, and the rate
 * limit must not start over.
 */
export function inheritBudget(own: Budget, former: Budget): Budget {
  const ids = new Set(own.slots.map(({ id }) => id))
  const later = own.notBeforeMs >= former.notBeforeMs ? own : former
  const foreignUse = own.foreignUse ?? former.foreignUse
  return {
    ...own,
    slots: [...own.slots, ...former.slots.filter(({ id }) => !ids.has(id))],
    notBeforeMs: later.notBeforeMs,
    ...(later.pushBackMs !== undefined && { pushBackMs: later.pushBackMs }),
    limitedInARow: Math.max(own.limitedInARow, former.limitedInARow),
    ...(foreignUse && { foreignUse }),
  }
}
