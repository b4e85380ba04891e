import type { Command } from 'commander'
import type { SinkAction } from '../commands/sink.ts'
import type { ArgumentAction } from './command-action.ts'
import { durationValue } from './option-values.ts'

const description = [
  'Controls one sink. A running collector carries out the request; otherwise, this command does.',
  'A pause lasts until `resume` or `retry`, even across restarts. Meanwhile, records stay in the journal.',
].join('\n\n')

const actions: readonly { readonly action: SinkAction; readonly summary: string }[] = [
  { action: 'pause', summary: 'stop delivering to a sink' },
  { action: 'resume', summary: 'resume delivery to a paused sink' },
  {
    action: 'retry',
    summary: 'end a pause or a wait and call the sink immediately, for example after a fix',
  },
  { action: 'forget', summary: "delete the journal's data about a sink that is no longer configured" },
]

export function addSink(program: Command, actionOf: (action: SinkAction) => ArgumentAction): void {
  const command = program
    .command('sink')
    .summary('pause, resume, retry or forget a sink')
    .description(description)
  for (const { action, summary } of actions) {
    command
      .command(action)
      .summary(summary)
      .description(`${summary.charAt(0).toUpperCase()}${summary.slice(1)}.`)
      .argument('<name>', "the sink's name")
      .option('--timeout <duration>', 'how long to wait for the collector', durationValue, 30_000)
      .option('--json', 'print JSON for machines; docs/commands.md describes the stable format')
      .action(actionOf(action))
  }
}
