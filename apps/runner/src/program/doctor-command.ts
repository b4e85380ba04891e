import type { Command } from 'commander'
import type { CommandAction } from './command-action.ts'

const description = [
  'Looks at configuration, connection, token, scope, role, region, clock, rate limit, journal, disk and sinks, and reports what is wrong and how to fix it.',
  'Sends one request to Webex for each org at most, counted within the rate limit. Works beside a running collector, and before the first run, where it creates the journal. Run it as the user who collects.',
].join('\n\n')

const after = `
Ends with code 0 if there is no problem, 1 if there is one, 2 if the configuration is wrong.`

export function addDoctor(program: Command, action: CommandAction): void {
  program
    .command('doctor')
    .summary('report what is wrong, and how to fix it')
    .description(description)
    .option('--json', 'as JSON, for machines; the form is stable (docs/commands.md)')
    .option('--org <name>', 'this org alone; without it, the first 20')
    .option('--no-wait', 'if the rate limit allows no request now, leave out what needs one')
    .addHelpText('after', after)
    .action(action)
}
