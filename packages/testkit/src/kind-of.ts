import { oneLineOf } from './check-failure.ts'

/** Returns a one-line description of an outcome. */
export function kindOf(outcome: { readonly kind: string }): string {
  const parts: string[] = [outcome.kind]
  if ('code' in outcome) parts.push(String(outcome.code))
  if ('remedy' in outcome) parts.push(String(outcome.remedy))
  if ('reason' in outcome) parts.push(String(outcome.reason))
  if ('cause' in outcome && outcome.cause !== undefined) parts.push(oneLineOf(outcome.cause))
  return parts.join(': ')
}
