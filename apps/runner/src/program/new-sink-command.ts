import { type Command, InvalidArgumentError } from 'commander'
import { isSinkName } from '../new-sink/sink-name.ts'
import type { ArgumentAction } from './command-action.ts'

const description = [
  'Writes a directory with a sink of your own: the sink, its certification, a test, a package.json and a configuration that runs it against `cdrstream simulate`. It works and certifies as it is; docs/writing-a-sink.md leads on from there.',
].join('\n\n')

export function addNewSink(program: Command, action: ArgumentAction): void {
  program
    .command('new-sink')
    .summary('begin a sink of your own')
    .description(description)
    .argument('<name>', 'lower-case letters, digits and single hyphens: my-sink', nameValue)
    .option('--network', 'a sink that writes to a server over HTTP; without this, to a table of SQLite')
    .option('--directory <path>', 'where; not there yet, or empty (default: ./NAME)')
    .action(action)
}

function nameValue(text: string): string {
  if (isSinkName(text)) return text
  throw new InvalidArgumentError(
    'Expected up to 40 lower-case letters, digits and single hyphens, beginning with a letter, and not the name of a built-in sink.',
  )
}
