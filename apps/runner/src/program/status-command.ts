import type { Command } from 'commander'
import type { CommandAction } from './command-action.ts'

const description = [
  "Tells how far each org and each sink has come: freshness, what is unread and when it expires, gaps, the requests that are left of the API's limit, the lag of the sinks, the size of the journal.",
  'Also when the tokens of an org end. Reads what is stored alone, beside a running collector or without one. Needs no secrets.',
].join('\n\n')

export function addStatus(program: Command, action: CommandAction): void {
  program
    .command('status')
    .summary('tell how far everything has come')
    .description(description)
    .option('--json', 'as JSON, for machines; the form is stable (docs/commands.md)')
    .action(action)
}
