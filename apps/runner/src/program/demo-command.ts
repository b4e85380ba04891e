import { type Command, Option } from 'commander'
import type { CommandAction } from './command-action.ts'
import { durationValue } from './option-values.ts'

const description = [
  'Shows cdrstream at work without an account: a simulated Webex that runs 60 times faster, a collector that is killed once with SIGKILL and continues, and NDJSON files. The simulated API returns records late, repeated and changed, and fails from time to time.',
  'At the end, compares the files with what the API has returned. The files hold each revision of a record in exactly one line, so each revision counts as one. A difference, or a request over the rate limit, exits with code 1.',
  'Afterwards, the directory contains the configuration, the journal, the log and the records. A demo reuses only a directory that an earlier demo created, and deletes its records and data first.',
].join('\n\n')

export function addDemo(program: Command, action: CommandAction): void {
  program
    .command('demo')
    .summary('try it without an account')
    .description(description)
    .addOption(
      new Option('--for <duration>', 'how long the demo has calls')
        .argParser(durationValue)
        .default(20_000, '20s'),
    )
    .option('--directory <path>', 'where to write everything', './demo')
    .action(action)
}
