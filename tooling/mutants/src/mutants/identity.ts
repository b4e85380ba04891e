import type { Mutant } from '../mutant.ts'

const acceptRecords = 'packages/core/src/accept-records.test.ts'

/** What identifies a record: its key, its revisions and their order, its home. */
export const identityMutants: readonly Mutant[] = [
  {
    name: 'inverted-rank',
    file: 'packages/core/src/rank.ts',
    find: 'Math.min(stepsPerMs - 1, lateHalfHours)',
    replace: 'Math.max(0, stepsPerMs - 1 - lateHalfHours)',
    caughtBy: 'packages/core/src/rank.test.ts',
  },
  {
    name: 'clock-set-back-ranks-a-correction-too-low',
    file: 'packages/core/src/rank.ts',
    find: 'before.reduce((highest, other) => Math.max(highest, other + 1), rank)',
    replace: 'rank',
    caughtBy: 'packages/core/src/rank.test.ts',
  },
  {
    name: 'home-recomputed-on-revision',
    file: 'packages/core/src/accept-records.ts',
    find: 'home: revisions[0]?.home ?? homeOf(startTimeMs)',
    replace: 'home: homeOf(startTimeMs)',
    caughtBy: acceptRecords,
  },
  {
    name: 'absurd-start-time-decides-the-home',
    file: 'packages/core/src/home.ts',
    find: 'startTimeMs >= acceptedAtMs - 62 * dayMs && ',
    replace: '',
    caughtBy: 'packages/core/src/home.test.ts',
  },
  {
    name: 'only-the-first-content-is-recognized',
    file: 'packages/core/src/accept-records.ts',
    find: 'revisions.some((revision) => revision.fingerprint === fingerprint)',
    replace: 'revisions[0]?.fingerprint === fingerprint',
    caughtBy: acceptRecords,
  },
  {
    name: 'corrections-dropped',
    file: 'packages/core/src/accept-records.ts',
    find: 'revisions.some((revision) => revision.fingerprint === fingerprint)',
    replace: 'revisions.length > 0',
    caughtBy: acceptRecords,
  },
  {
    name: 'boundary-items-counted-twice',
    file: 'packages/core/src/accept-records.ts',
    find: 'repeated += 1',
    replace: 'repeated += 0',
    caughtBy: acceptRecords,
  },
  {
    name: 'fingerprint-ignores-unknown-fields',
    file: 'packages/core/src/normalize/canonical-content.ts',
    find: 'return extra.size === 0 ? known : known + canonicalExtra(fields, extra)',
    replace: 'return known',
    caughtBy: 'packages/core/src/normalize/canonical-content.test.ts',
  },
  {
    name: 'timestamp-offset-inverted',
    file: 'packages/core/src/normalize/parse-timestamp.ts',
    find: "return sign === '+' ? ms - offsetMs : ms + offsetMs",
    replace: "return sign === '+' ? ms + offsetMs : ms - offsetMs",
    caughtBy: 'packages/core/src/normalize/parse-timestamp.test.ts',
  },
  {
    name: 'letter-case-of-a-report-id-makes-two-records',
    file: 'packages/core/src/key.ts',
    find: 'return reportId.toLowerCase()',
    replace: 'return reportId',
    caughtBy: 'packages/core/src/key.test.ts',
  },
  {
    name: 'fraction-of-a-millisecond-stored',
    file: 'packages/core/src/whole-ms.ts',
    find: 'const floor = Math.floor(ms)\n  if (!isWhole(floor)) throw',
    replace: 'const floor = ms as WholeMs\n  if (!Number.isFinite(floor)) throw',
    caughtBy: 'packages/core/src/whole-ms.test.ts',
  },
]
