import type { Command } from 'commander'
import type { CommandAction } from './command-action.ts'
import { pastTimeValue } from './option-values.ts'

const description = [
  'Delivers the records of the journal to one sink again, for example after a table was repaired. Other sinks are not affected. New records follow after the replay.',
  'The replay goes on if this command is stopped, and after a restart of the collector. Without a collector, this command delivers the records itself.',
].join('\n\n')

const after = `
Sinks that replace a record by its key (postgres, elasticsearch) still show each record once. A file sink never writes
a record twice: to have files written again, configure another file sink with an empty directory.`

export function addReplay(program: Command, action: CommandAction): void {
  program
    .command('replay')
    .summary('deliver records to a sink again')
    .description(description)
    .requiredOption('--sink <name>', 'the sink that gets the records')
    .option(
      '--from <time>',
      'records accepted at or after this time, such as 2026-11-30T08:00:00Z, or in the last 2h (default: all that the journal keeps)',
      pastTimeValue,
    )
    .option('--duplicates-ok', 'replay also to a sink that will then have each of these records twice')
    .option('--no-wait', 'return at once; the collector carries it out')
    .option('--json', 'print JSON for machines; docs/commands.md describes the stable format')
    .addHelpText('after', after)
    .action(action)
}
