import { expectThat } from '../check-failure.ts'
import type { TrialJournal } from '../delivery/trial-journal.ts'

/** Whoever finds a record in quarantine has to be told why. */
export function expectGoodRefusals(journal: TrialJournal): void {
  for (const [offset, reason] of journal.refused) {
    expectThat(
      typeof reason === 'string' && reason.trim() !== '',
      () => `expected a reason for refusing record ${offset}, and found ${JSON.stringify(reason)}`,
    )
  }
}
