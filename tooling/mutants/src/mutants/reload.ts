import type { Mutant } from '../mutant.ts'

const applyChange = 'packages/engine/src/apply-change.test.ts'
const difference = 'apps/runner/src/reload/configuration-difference.test.ts'
const reloader = 'apps/runner/src/reload/reloader.test.ts'

/** Bugs in applying configuration changes to a running collector. */
export const reloadMutants: readonly Mutant[] = [
  {
    name: 'unchanged-loops-restarted',
    file: 'packages/engine/src/loop-set.ts',
    find: 'running.filter((setup) => !wanted.includes(setup))',
    replace: 'running.filter((setup) => wanted.length > 0 || setup.name !== "")',
    caughtBy: applyChange,
  },
  {
    name: 'sinks-started-before-others-have-stopped',
    file: 'packages/engine/src/apply-change.ts',
    find: 'await untilAborted(sinksStopped, ending)',
    replace: 'void sinksStopped',
    caughtBy: applyChange,
  },
  {
    name: 'orgs-wait-for-a-sink-that-hangs',
    file: 'packages/engine/src/apply-change.ts',
    find: 'await untilAborted(orgs.stop(orgChange.stopped), ending)',
    replace:
      'await untilAborted(orgs.stop(orgChange.stopped), ending)\n  await untilAborted(sinksStopped, ending)',
    caughtBy: applyChange,
  },
  {
    name: 'loops-started-after-the-stop',
    file: 'packages/engine/src/apply-change.ts',
    find: "if (ending.aborted) return 'stopping'\n  for (const sink of",
    replace: 'for (const sink of',
    caughtBy: applyChange,
  },
  {
    name: 'marks-of-a-renamed-org-kept',
    file: 'packages/engine/src/post-known-progress.ts',
    find: 'if (!known.has(org) || reposted.has(org)) marks.forget(org)',
    replace: 'if (reposted.has(org)) marks.forget(org)',
    caughtBy: applyChange,
  },
  {
    name: 'leaving-sink-reads-on',
    file: 'packages/core/src/delivery/next-delivery.ts',
    find: 'if (!state.atEnd && !leaving) {',
    replace: 'if (!state.atEnd) {',
    caughtBy: 'packages/core/src/delivery/next-delivery.test.ts',
  },
  {
    name: 'renamed-org-read-from-the-cache',
    file: 'packages/journal-sqlite/src/rename-org.ts',
    find: "if (renaming === 'renamed') renamed()",
    replace: '',
    caughtBy: 'packages/journal-sqlite/src/rename-org.test.ts',
  },
  {
    name: 'rotated-secret-not-noticed',
    file: 'apps/runner/src/reload/configuration-difference.ts',
    find: ', ...authSecrets(auth).map((secret) => secret.reveal())]',
    replace: ', ...authSecrets(auth).map((secret) => secret.toString())]',
    caughtBy: difference,
  },
  {
    name: 'reload-shares-one-that-has-read-the-file',
    file: 'apps/runner/src/reload/reloader.ts',
    find: 'if (this.#running === undefined) return this.#start()',
    replace:
      'if (this.#running !== undefined) return this.#running\n    if (this.#running === undefined) return this.#start()',
    caughtBy: reloader,
  },
  {
    name: 'sign-in-replaced-by-a-reload',
    file: 'apps/runner/src/reload/collector-setups.ts',
    find: 'if (known === undefined || this.#identities.get(credential) !== identity) continue',
    replace: 'if (known === undefined || identity !== "") continue',
    caughtBy: reloader,
  },
]
