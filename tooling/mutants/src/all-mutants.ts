import type { Mutant } from './mutant.ts'
import { budgetMutants } from './mutants/budget.ts'
import { collectingMutants } from './mutants/collecting.ts'
import { deliveryMutants } from './mutants/delivery.ts'
import { elasticsearchMutants } from './mutants/elasticsearch.ts'
import { engineMutants } from './mutants/engine.ts'
import { fileMutants } from './mutants/file.ts'
import { httpMutants } from './mutants/http.ts'
import { identityMutants } from './mutants/identity.ts'
import { journalMutants } from './mutants/journal.ts'
import { markMutants } from './mutants/marks.ts'
import { personalDataMutants } from './mutants/personal-data.ts'
import { postgresMutants } from './mutants/postgres.ts'
import { readingMutants } from './mutants/reading.ts'
import { reloadMutants } from './mutants/reload.ts'
import { simulationMutants } from './mutants/simulation.ts'
import { sinkKitMutants } from './mutants/sink-kit.ts'
import { sourceMutants } from './mutants/source.ts'
import { stateMutants } from './mutants/states.ts'
import { trustMutants } from './mutants/trust.ts'

/** The slowest mutants come first, so that no worker is left with a slow one at the end. */
export const allMutants: readonly Mutant[] = [
  ...simulationMutants,
  ...postgresMutants,
  ...elasticsearchMutants,
  ...deliveryMutants,
  ...readingMutants,
  ...collectingMutants,
  ...journalMutants,
  ...engineMutants,
  ...reloadMutants,
  ...fileMutants,
  ...sinkKitMutants,
  ...sourceMutants,
  ...budgetMutants,
  ...identityMutants,
  ...personalDataMutants,
  ...markMutants,
  ...trustMutants,
  ...httpMutants,
  ...stateMutants,
]
