import type { Command } from 'commander'
import type { CommandAction } from './command-action.ts'
import { durationValue } from './option-values.ts'

const description = [
  "Reports the state of each org and sink, what is wrong and how to fix it, and their progress: freshness, unread spans and when they expire, gaps, the remaining requests in the API's rate limit, sink lag, journal size, and when each org's tokens expire.",
  'Reads only what is stored, with or without a running collector. Needs no secrets.',
].join('\n\n')

export function addStatus(program: Command, action: CommandAction): void {
  program
    .command('status')
    .summary('report the state and progress of each org and sink')
    .description(description)
    .option('--json', 'print JSON for machines; docs/commands.md describes the stable format')
    .option('--org <name>', 'show only this org')
    .option(
      '--watch',
      'refresh every 2 s until stopped: redraw on a terminal, otherwise print a line per change',
    )
    .option('--check', 'print one line, and exit with code 1 if action is required (for cron and probes)')
    .option(
      '--max-lag <duration>',
      'with --check: the maximum age of the newest data of an org or sink (default: 10m)',
      durationValue,
    )
    .hook('preAction', (_, command) => {
      const { check, watch, maxLag } = command.opts<{ check?: true; watch?: true; maxLag?: number }>()
      if (maxLag !== undefined && check === undefined) command.error("error: '--max-lag' requires --check")
      if (watch && check) command.error("error: '--check' cannot be used with --watch")
    })
    .action(action)
}
