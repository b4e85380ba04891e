export {
  type Answered,
  allowedAtMs,
  type Boot,
  type Budget,
  budgetAfter,
  foreignUserAfter,
  giveUpSlot,
  type RequestKind,
  recoverBudget,
  reserveSlot,
  unusedBudget,
} from './budget.ts'
export { inheritBudget } from './inherit-budget.ts'
