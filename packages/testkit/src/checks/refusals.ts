import { expectThat } from '../check-failure.ts'
import type { TrialJournal } from '../delivery/trial-journal.ts'

/** Expects a reason for each refusal, so that people can see why the record is in quarantine. */
export function expectGoodRefusals(journal: TrialJournal): void {
  for (const [offset, reason] of journal.refused) {
    expectThat(
      typeof reason === 'string' && reason.trim() !== '',
      () => `expected a reason for refusing record ${offset}, but found ${JSON.stringify(reason)}`,
    )
  }
}
