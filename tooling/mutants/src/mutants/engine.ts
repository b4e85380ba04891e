import type { Mutant } from '../mutant.ts'

const deliverLoop = 'packages/engine/src/deliver-loop.test.ts'
const journalClock = 'packages/engine/src/journal-clock.test.ts'
const witnesses = 'packages/engine/src/witnesses.test.ts'

/** The loops that carry out decisions, and the journal's clock. */
export const engineMutants: readonly Mutant[] = [
  {
    name: 'from-now-applied-when-the-sink-first-opens',
    file: 'packages/engine/src/open-sink.ts',
    find: 'const { first, acknowledged, witnesses, replayTo } = standing',
    replace:
      "const { first, witnesses, replayTo } = standing\n  const acknowledged = setup.from === 'now' && witnesses.length === 0 ? await journal.end() : standing.acknowledged",
    caughtBy: deliverLoop,
  },
  {
    name: 'emptied-store-not-detected',
    file: 'packages/engine/src/open-sink.ts',
    find: "presence: outcome[index] ?? 'unknown'",
    replace: "presence: 'present'",
    caughtBy: deliverLoop,
  },
  {
    name: 'session-not-closed-before-the-next',
    file: 'packages/engine/src/deliver-loop.ts',
    find: "await this.#session.close()\n        return this.#apply({ kind: 'closed' })",
    replace: "return this.#apply({ kind: 'closed' })",
    caughtBy: deliverLoop,
  },
  {
    name: 'marks-taken-before-the-end-of-the-journal',
    file: 'packages/engine/src/mark-publisher.ts',
    find: 'const isDurable = atEnd && state.session ===',
    replace: 'const isDurable = state.session ===',
    caughtBy: deliverLoop,
  },
  {
    name: 'commit-during-a-read-not-noticed',
    file: 'packages/engine/src/deliver-loop.ts',
    find: "if (run !== undefined) this.#apply({ kind: 'read', ...run })",
    replace:
      "this.#change.dispose()\n    this.#change = committed.next()\n    if (run !== undefined) this.#apply({ kind: 'read', ...run })",
    caughtBy: deliverLoop,
  },
  {
    name: 'acceptance-goes-back-in-time',
    file: 'packages/engine/src/journal-clock.ts',
    find: 'this.#newestMs = holds ? newestMs : nowMs',
    replace: 'this.#newestMs = nowMs',
    caughtBy: journalClock,
  },
  {
    name: 'pruning-by-the-local-clock-only',
    file: 'packages/engine/src/journal-clock.ts',
    find: 'if (!this.#server.presumed) return this.#correctedMs()',
    replace: 'return this.#correctedMs()',
    caughtBy: journalClock,
  },
  {
    name: 'server-time-ignored',
    file: 'packages/engine/src/journal-clock.ts',
    find: '(clocksAgree(this.#server) ? 0 : (aheadMinMs + aheadMaxMs) / 2)',
    replace: '0 * (aheadMinMs + aheadMaxMs)',
    caughtBy: journalClock,
  },
  {
    name: 'turn-of-another-org-taken',
    file: 'packages/engine/src/credential-lane.ts',
    find: 'if (other !== org && last < own) return false',
    replace: '',
    caughtBy: 'packages/engine/src/credential-turns.test.ts',
  },
  {
    name: 'mark-covers-undelivered-records',
    file: 'packages/engine/src/mark-board.ts',
    find: 'if (offset > share.offset) return undefined',
    replace: '',
    caughtBy: 'packages/engine/src/mark-board.test.ts',
  },
  {
    name: 'mark-of-an-earlier-journal-not-taken-back',
    file: 'packages/engine/src/mark-board.ts',
    find: '?? lostMark({ org, firstMs, ...posted }),\n    )',
    replace: '?? [],\n    ).flat()',
    caughtBy: 'packages/engine/src/mark-board.test.ts',
  },
  {
    name: 'non-durable-record-expected-in-the-sink',
    file: 'packages/engine/src/witnesses.ts',
    find: '.filter(({ position }) => position.offset <= offset)',
    replace: '',
    caughtBy: witnesses,
  },
  {
    name: 'superseded-record-taken-for-a-witness',
    file: 'packages/engine/src/witnesses.ts',
    find: "if (this.#revisions === 'all' || record.isSuperseded !== true) last = record",
    replace: 'last = record',
    caughtBy: witnesses,
  },
  {
    name: 'renamed-org-taken-for-missing-in-the-sink',
    file: 'packages/engine/src/passed-records.ts',
    find: 'of await journal.formerNames(name)',
    replace: 'of [] as string[]',
    caughtBy: 'packages/engine/src/passed-records.test.ts',
  },
  {
    name: 'refused-record-expected-in-the-sink',
    file: 'packages/engine/src/witnesses.ts',
    find: 'if (left.has(index)) continue',
    replace: '',
    caughtBy: witnesses,
  },
  {
    name: 'memory-of-bodies-not-limited',
    file: 'packages/engine/src/body-memory.ts',
    find: 'if (index > 0 && heldBytes + body.wantsBytes > this.#limits.bytes) continue',
    replace: '',
    caughtBy: 'packages/engine/src/body-memory.test.ts',
  },
  {
    name: 'emptied-sink-forgotten-before-it-is-rewritten',
    file: 'packages/engine/src/witnesses.ts',
    find: 'return this.#firstOffset <= offset ? this.#emptied : []',
    replace: 'return this.#emptied',
    caughtBy: witnesses,
  },
  {
    name: 'changed-cause-is-not-logged-again',
    file: 'packages/engine/src/condition.ts',
    find: 'if (!isSettled || details === this.#logged) return',
    replace: 'return',
    caughtBy: 'packages/engine/src/condition.test.ts',
  },
  {
    name: 'each-failed-attempt-is-logged',
    file: 'packages/engine/src/condition.ts',
    find: 'if (!isSettled || details === this.#logged) return',
    replace: 'if (details === this.#logged) return',
    caughtBy: 'packages/engine/src/condition.test.ts',
  },
]
