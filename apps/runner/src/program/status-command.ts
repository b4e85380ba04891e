import type { Command } from 'commander'
import type { CommandAction } from './command-action.ts'

const description = [
  "Reports how far each org and each sink has come: freshness, what is unread and when it expires, gaps, requests left in the API's rate limit, lag of the sinks, size of the journal, and when the tokens of each org end.",
  'Reads only what is stored, with or without a running collector. Needs no secrets.',
].join('\n\n')

export function addStatus(program: Command, action: CommandAction): void {
  program
    .command('status')
    .summary('report how far each org and sink has come')
    .description(description)
    .option('--json', 'print JSON for machines; docs/commands.md describes the stable format')
    .action(action)
}
