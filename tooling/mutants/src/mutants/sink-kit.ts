import type { Mutant } from '../mutant.ts'

/** The sink-kit: an aborted call ends, and an option outside of its bounds is refused. */
export const sinkKitMutants: readonly Mutant[] = [
  {
    name: 'aborted-work-not-abandoned',
    file: 'packages/sink-kit/src/with-signal.ts',
    find: '    abandon()\n',
    replace: '',
    caughtBy: 'packages/sink-kit/src/with-signal.test.ts',
  },
  {
    name: 'amount-above-its-bound',
    file: 'packages/sink-kit/src/options.ts',
    find: ' && value <= most',
    replace: '',
    caughtBy: 'packages/sink-kit/src/options.test.ts',
  },
  {
    name: 'password-in-an-address-of-an-option',
    file: 'packages/sink-kit/src/options.ts',
    find: "url.username === '' && url.password === ''",
    replace: 'true',
    caughtBy: 'packages/sink-kit/src/options.test.ts',
  },
]
