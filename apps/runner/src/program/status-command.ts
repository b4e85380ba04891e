import type { Command } from 'commander'
import type { CommandAction } from './command-action.ts'

const description = [
  "Reports the progress of each org and sink: freshness, unread spans and when they expire, gaps, requests left in the API's rate limit, sink lag, journal size, and when each org's tokens expire.",
  'Reads only what is stored, with or without a running collector. Needs no secrets.',
].join('\n\n')

export function addStatus(program: Command, action: CommandAction): void {
  program
    .command('status')
    .summary('report the progress of each org and sink')
    .description(description)
    .option('--json', 'print JSON for machines; docs/commands.md describes the stable format')
    .action(action)
}
