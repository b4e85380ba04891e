import type { Mutant } from '../mutant.ts'

const completeMark = 'packages/core/src/delivery/complete-mark.test.ts'
const mergeMark = 'packages/plugin/src/merge-mark.test.ts'

/** How far a sink's records are reported to be complete. */
export const markMutants: readonly Mutant[] = [
  {
    name: 'mark-ignores-refused-records',
    file: 'packages/core/src/delivery/complete-mark.ts',
    find: '.filter((span) => span.org === null || span.org === org)',
    replace: ".filter((span) => span.reason !== 'refused' && (span.org === null || span.org === org))",
    caughtBy: completeMark,
  },
  {
    name: 'mark-ignores-gaps-of-the-sink',
    file: 'packages/core/src/delivery/complete-mark.ts',
    find: '.filter((span) => span.org === null || span.org === org)',
    replace: ".filter((span) => span.reason !== 'lost' && (span.org === null || span.org === org))",
    caughtBy: completeMark,
  },
  {
    name: 'mark-ignores-the-start-of-the-sink',
    file: 'packages/core/src/delivery/complete-mark.ts',
    find: 'Math.max(originSec * 1_000, firstMs ?? 0)',
    replace: 'originSec * 1_000',
    caughtBy: completeMark,
  },
  {
    name: 'mark-ignores-doubt',
    file: 'packages/core/src/delivery/complete-mark.ts',
    find: "...spans('doubtful', 'doubtful'), ",
    replace: '',
    caughtBy: completeMark,
  },
  {
    name: 'stored-gaps-forgotten',
    file: 'packages/plugin/src/merge-mark.ts',
    find: 'mergeGaps([...earlier, ...between, ...mark.gaps])',
    replace: 'mergeGaps([...between, ...mark.gaps])',
    caughtBy: mergeMark,
  },
  {
    name: 'time-without-a-collector-counts-as-complete',
    file: 'packages/plugin/src/merge-mark.ts',
    find: 'mergeGaps([...earlier, ...between, ...mark.gaps])',
    replace: 'mergeGaps([...earlier, ...mark.gaps])',
    caughtBy: mergeMark,
  },
]
