import type { Mutant } from '../mutant.ts'

/** The states of orgs and sinks that the engine reports, the journal stores and `status` shows. */
export const stateMutants: readonly Mutant[] = [
  {
    name: 'state-restarts-with-each-attempt',
    file: 'packages/engine/src/subject-watch.ts',
    find: 'const sinceMs = lasts ? before.sinceMs : this.#clock.nowMs()',
    replace: 'const sinceMs = this.#clock.nowMs()',
    caughtBy: 'packages/engine/src/subject-watch.test.ts',
  },
  {
    name: 'secrets-in-states',
    file: 'packages/engine/src/guard-observer.ts',
    find: '(text === null ? null : words(text, mostCharacters))',
    replace: 'text',
    caughtBy: 'packages/engine/src/observer.test.ts',
  },
  {
    name: 'states-of-an-earlier-collector-stay',
    file: 'apps/runner/src/states/report-states.ts',
    find: 'all: this.#replacesAll',
    replace: 'all: false',
    caughtBy: 'apps/runner/src/states/report-states.test.ts',
  },
  {
    name: 'states-lost-if-the-journal-fails',
    file: 'apps/runner/src/states/report-states.ts',
    find: 'this.#board.putBack(changed)\n',
    replace: '\n',
    caughtBy: 'apps/runner/src/states/report-states.test.ts',
  },
  {
    name: 'state-shown-although-the-collector-is-silent',
    file: 'apps/runner/src/status/state-status.ts',
    find: '> silentMs) {',
    replace: '> Number.POSITIVE_INFINITY) {',
    caughtBy: 'apps/runner/src/status/state-status.test.ts',
  },
]
