import type { Command } from 'commander'
import type { CommandAction } from './command-action.ts'
import { durationValue } from './option-values.ts'

const description = [
  'Has the running collector read its configuration and the secrets in it again, and prints what has changed. Orgs and sinks that are added start, those that are removed stop, those that are changed restart, and all others continue undisturbed.',
  'A configuration with a problem is refused with the lines that `validate` prints, and the old one stays in use. SIGHUP does the same and writes the result to the log.',
].join('\n\n')

const after = `
The collector reads the file that it was started with, and environment variables as they were then. It exits with code 2
if the configuration is refused, and with code 1 if no collector is running.`

export function addReload(program: Command, action: CommandAction): void {
  program
    .command('reload')
    .summary('apply a changed configuration to the running collector')
    .description(description)
    .option('--timeout <duration>', 'how long to wait for the collector', durationValue, 60_000)
    .option('--json', 'print JSON for machines; docs/commands.md describes the stable format')
    .addHelpText('after', after)
    .action(action)
}
