import type { Mutant } from '../mutant.ts'

const seeds = 200

/** Bugs that show only over hours or when all parts run together. The simulation must catch these too. */
export const simulationMutants: readonly Mutant[] = [
  {
    name: 'simulated-slot-not-durable',
    file: 'packages/engine/src/credential-lane.ts',
    find: '.changeBudget(this.credential, (budget) => reserveSlot(',
    replace: '.budget(this.credential).then((budget) => reserveSlot(',
    caughtBy: { seeds },
  },
  {
    name: 'simulated-boundary-items-dropped',
    file: 'packages/core/src/apply-page.ts',
    find: 'Math.max(readToSec, Math.floor(next.resumeMs / 1_000))',
    replace: 'Math.max(readToSec, Math.ceil(next.resumeMs / 1_000))',
    caughtBy: { seeds },
  },
  {
    name: 'simulated-audit-never-planned',
    file: 'packages/core/src/plan-window.ts',
    find: 'return planAudit(view) ?? planDoubt(view)',
    replace: 'return planDoubt(view)',
    caughtBy: { seeds },
  },
  {
    name: 'simulated-gap-not-recorded',
    file: 'packages/core/src/apply-event.ts',
    find: 'const coverage = recordGap(progress.coverage, { fromSec: progress.originSec, toSec: readable.fromSec })',
    replace: 'const { coverage } = progress',
    caughtBy: { seeds },
  },
  {
    name: 'simulated-corrections-dropped',
    file: 'packages/core/src/accept-records.ts',
    find: 'revisions.some((revision) => revision.fingerprint === fingerprint)',
    replace: 'revisions.length > 0',
    caughtBy: { seeds },
  },
  {
    name: 'simulated-refusals-of-the-first-round-dropped',
    file: 'packages/core/src/delivery/record-progress.ts',
    find: 'refused: [...(before?.refused ?? []), ...refused],',
    replace: 'refused,',
    caughtBy: { seeds },
  },
  {
    name: 'simulated-unflushed-records-count-as-durable',
    file: 'packages/core/src/delivery/apply-written.ts',
    find: 'const durable = through ?? (again.length > 0 ? state.sinkAt : run.to)',
    replace: 'const durable = again.length > 0 ? state.sinkAt : run.to',
    caughtBy: { seeds },
  },
  {
    name: 'simulated-latest-keeps-the-last-revision',
    file: 'packages/core/src/delivery/pending-records.ts',
    find: 'if (other === undefined || other.rank < record.rank) latest.set(record.key, record)',
    replace: 'if (other !== record) latest.set(record.key, record)',
    caughtBy: { seeds },
  },
  {
    name: 'simulated-position-sink-not-reopened-after-retry',
    file: 'packages/core/src/delivery/delivery-trouble.ts',
    find: "idempotence === 'position' ||",
    replace: '',
    caughtBy: { seeds },
  },
  {
    name: 'simulated-progress-kept-after-a-failed-commit',
    file: 'packages/engine/src/collect-state.ts',
    find: 'progress: this.#durable, reading: null',
    replace: 'reading: null',
    caughtBy: { seeds },
  },
  {
    name: 'simulated-emptied-store-not-detected',
    file: 'packages/engine/src/open-sink.ts',
    find: "presence: outcome[index] ?? 'unknown'",
    replace: "presence: 'present'",
    caughtBy: { seeds },
  },
  {
    name: 'simulated-mark-of-an-emptied-store-kept',
    file: 'packages/engine/src/open-sink.ts',
    find: "if (reason === 'emptied') await calls.retract(loss?.sinceMs ?? null)",
    replace: '',
    caughtBy: { seeds },
  },
  {
    name: 'simulated-restored-store-not-detected',
    file: 'packages/core/src/delivery/find-loss.ts',
    find: "(witness.kind === 'first' || witness === last)",
    replace: "witness.kind === 'first'",
    caughtBy: { seeds },
  },
  {
    name: 'simulated-mark-ignores-refused-records',
    file: 'packages/core/src/delivery/complete-mark.ts',
    find: '.filter((span) => span.org === null || span.org === org)',
    replace: ".filter((span) => span.reason !== 'refused' && (span.org === null || span.org === org))",
    caughtBy: { seeds },
  },
]
