import type { Mutant } from '../mutant.ts'

/** The sink-kit: an aborted call ends, and an option outside its limits is refused. */
export const sinkKitMutants: readonly Mutant[] = [
  {
    name: 'aborted-work-not-abandoned',
    file: 'packages/sink-kit/src/with-signal.ts',
    find: '    abandon()\n',
    replace: '',
    caughtBy: 'packages/sink-kit/src/with-signal.test.ts',
  },
  {
    name: 'amount-above-its-limit-accepted',
    file: 'packages/sink-kit/src/options.ts',
    find: ' && value <= most',
    replace: '',
    caughtBy: 'packages/sink-kit/src/options.test.ts',
  },
  {
    name: 'url-option-with-a-password-accepted',
    file: 'packages/sink-kit/src/options.ts',
    find: "url.username === '' && url.password === ''",
    replace: 'true',
    caughtBy: 'packages/sink-kit/src/options.test.ts',
  },
]
