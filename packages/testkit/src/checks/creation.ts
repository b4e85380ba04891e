import type { CheckDefinition } from '../check-definition.ts'
import { expectThat, oneLineOf } from '../check-failure.ts'
import { watchIo } from '../watch-io.ts'

export const creationChecks: readonly CheckDefinition[] = [
  {
    name: 'create-does-no-io',
    title: 'create does no I/O and starts no timer',
    async run(trial) {
      const done = await watchIo(() => trial.create())
      expectThat(done.length === 0, () => `expected create to do no I/O, but found ${done.join(', ')}`)
    },
  },
  {
    name: 'unknown-option-fails',
    title: 'an unknown option is refused',
    async run({ plugin, given }) {
      let issues: readonly unknown[] | undefined
      try {
        const result = await plugin.options['~standard'].validate({ ...given, [unknownOption]: true })
        issues = result.issues
      } catch (error) {
        expectThat(
          false,
          () => `expected the options' schema to return issues, but it threw ${oneLineOf(error)}`,
        )
      }
      expectThat(
        (issues?.length ?? 0) > 0,
        () => `expected the unknown option "${unknownOption}" to be refused, but it was accepted`,
      )
    },
  },
]

const unknownOption = 'noSuchOption'
