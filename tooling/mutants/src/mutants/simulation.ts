import type { Mutant } from '../mutant.ts'

/** Bugs in the way that the parts work together, or of guarantees that only show over hours: the simulation has to catch them. */
export const simulationMutants: readonly Mutant[] = [
  {
    name: 'simulated-boundary-items-dropped',
    file: 'packages/core/src/apply-page.ts',
    find: 'Math.min(Math.floor(next.resumeMs / 1_000), window.toSec - 1)',
    replace: 'Math.min(Math.ceil(next.resumeMs / 1_000), window.toSec - 1)',
    caughtBy: { seeds: 200 },
  },
  {
    name: 'simulated-slot-not-durable',
    file: 'packages/engine/src/credential-lane.ts',
    find: '.changeBudget(this.credential, (budget) => reserveSlot(',
    replace: '.budget(this.credential).then((budget) => reserveSlot(',
    caughtBy: { seeds: 200 },
  },
]
