import type { Command } from 'commander'
import type { CommandAction } from './command-action.ts'
import { pastTimeValue } from './option-values.ts'

const description = [
  "Delivers the journal's records to one sink again, for example after a table was repaired. Other sinks are not affected. New records follow after the replay.",
  'The replay continues if you stop this command, and after the collector restarts. If no collector is running, this command delivers the records itself.',
].join('\n\n')

const after = `
Sinks that replace a record by its key (postgres, elasticsearch) still show each record once. A file sink never writes
a record twice: to have files written again, configure another file sink with an empty directory.`

export function addReplay(program: Command, action: CommandAction): void {
  program
    .command('replay')
    .summary('deliver records to a sink again')
    .description(description)
    .requiredOption('--sink <name>', 'the sink to deliver to')
    .option(
      '--from <time>',
      'the earliest acceptance time, such as 2026-11-30T08:00:00Z, or a duration before now, such as 2h (default: all records in the journal)',
      pastTimeValue,
    )
    .option('--duplicates-ok', 'allow a replay that stores each of these records twice in the sink')
    .option('--no-wait', 'do not wait for the collector to finish')
    .option('--json', 'print JSON for machines; docs/commands.md describes the stable format')
    .addHelpText('after', after)
    .action(action)
}
