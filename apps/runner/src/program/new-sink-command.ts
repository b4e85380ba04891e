import { type Command, InvalidArgumentError } from 'commander'
import { isSinkName } from '../new-sink/sink-name.ts'
import type { ArgumentAction } from './command-action.ts'

const description = [
  'Creates a directory with a sink of your own: the sink, its certification, a test, a package.json and a configuration that runs it against `cdrstream simulate`. The sink works and is certified as it is. To continue, read docs/writing-a-sink.md.',
].join('\n\n')

export function addNewSink(program: Command, action: ArgumentAction): void {
  program
    .command('new-sink')
    .summary('start a sink of your own')
    .description(description)
    .argument('<name>', 'lower-case letters, digits and single hyphens, such as my-sink', nameValue)
    .option('--network', 'write to a server over HTTP (default: to a SQLite table)')
    .option('--directory <path>', 'where to create it; must be empty or not exist (default: ./NAME)')
    .action(action)
}

function nameValue(text: string): string {
  if (isSinkName(text)) return text
  throw new InvalidArgumentError(
    'Expected up to 40 lower-case letters, digits and single hyphens, starting with a letter, and not the name of a built-in sink.',
  )
}
