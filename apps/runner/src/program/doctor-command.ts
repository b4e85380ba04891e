import type { Command } from 'commander'
import type { CommandAction } from './command-action.ts'

const description = [
  'Checks configuration, connection, token, scope, role, region, clock, rate limit, journal, disk and sinks, and reports what is wrong and how to fix it.',
  'Sends at most one request to Webex for each org, within the rate limit. Works beside a running collector, and also before the first run; it then creates the journal. Run it as the user that the collector runs as.',
].join('\n\n')

const after = `
Exits with code 0 if there are no problems, 1 if there are, and 2 if the configuration is wrong.`

export function addDoctor(program: Command, action: CommandAction): void {
  program
    .command('doctor')
    .summary('report what is wrong and how to fix it')
    .description(description)
    .option('--json', 'print JSON for machines; docs/commands.md describes the stable format')
    .option('--org <name>', 'check only this org (default: the first 20 orgs)')
    .option('--no-wait', 'skip checks that need a request if the rate limit does not allow one now')
    .addHelpText('after', after)
    .action(action)
}
