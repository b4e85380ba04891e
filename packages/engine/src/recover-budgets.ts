import type { Terms } from '@cdrstream/core'
import { type Boot, inheritBudget, recoverBudget } from '@cdrstream/core/budget'
import type { Journal } from './ports/index.ts'

/**
 * Prepares the stored budgets at startup, before any request is sent: a crash may have left requests
 * unanswered, and the clock may have been set. `credentials` are all configured credentials. A credential
 * that is new to the journal may have been renamed, so it inherits the budgets of credentials that are no
 * longer configured. `recovered`: the credentials to prepare if others are in use already.
 */
export async function recoverBudgets(
  journal: Pick<Journal, 'budget' | 'changeBudget' | 'credentials'>,
  credentials: Iterable<string>,
  terms: Terms,
  nowMs: number,
  boot?: Boot,
  recovered?: Iterable<string>,
): Promise<void> {
  const configured = new Set(credentials)
  const known = new Set(await journal.credentials())
  const prepared = recovered === undefined ? configured : new Set(recovered)
  const isRenamed = [...prepared].some((credential) => !known.has(credential))
  const unused = isRenamed ? [...known].filter((credential) => !configured.has(credential)) : []
  const former = await Promise.all(unused.map((credential) => journal.budget(credential)))
  for (const credential of prepared) {
    const inherited = known.has(credential) ? [] : former
    await journal.changeBudget(credential, (budget) =>
      [budget, ...inherited]
        .map((each) => recoverBudget(each, terms, nowMs, boot))
        .reduce((own, other) => inheritBudget(own, other)),
    )
  }
}
