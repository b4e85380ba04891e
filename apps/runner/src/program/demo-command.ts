import { type Command, Option } from 'commander'
import type { CommandAction } from './command-action.ts'
import { durationValue } from './option-values.ts'

const description = [
  'Shows cdrstream at work without an account: a simulated Webex on a clock that is 60 times faster, a collector that is killed with SIGKILL once and goes on, and NDJSON files. The simulated API gives records late, repeated and changed, and fails now and then.',
  'Ends by comparing the files with what the API has shown. Each revision of a record counts as one, since the files hold each in exactly one line. A difference, or a request against the rate limit, ends with code 1.',
  'The directory holds the configuration, the journal, the log and the records afterwards. Only a directory that a demo made is used again, and then its records and data are deleted first.',
].join('\n\n')

export function addDemo(program: Command, action: CommandAction): void {
  program
    .command('demo')
    .summary('see it at work without an account')
    .description(description)
    .addOption(
      new Option('--for <duration>', 'how long there are calls')
        .argParser(durationValue)
        .default(20_000, '20s'),
    )
    .option('--directory <path>', 'where it works', './demo')
    .action(action)
}
