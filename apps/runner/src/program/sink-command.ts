import type { Command } from 'commander'
import type { SinkAction } from '../commands/sink.ts'
import type { ArgumentAction } from './command-action.ts'
import { durationValue } from './option-values.ts'

const description = [
  'Acts on one sink. Beside a running collector, the collector does it; without one, this command does.',
  'A pause lasts until `resume` or `retry`, also across restarts. Records stay in the journal meanwhile.',
].join('\n\n')

const actions: readonly { readonly action: SinkAction; readonly summary: string }[] = [
  { action: 'pause', summary: 'stop delivering to a sink' },
  { action: 'resume', summary: 'deliver to a paused sink again' },
  { action: 'retry', summary: 'end a pause or a wait: call the sink at once, for example after a fix' },
  { action: 'forget', summary: 'delete what the journal knows about a sink that is no longer configured' },
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
      .argument('<name>', 'the name of the sink')
      .option('--timeout <duration>', 'how long to wait for the collector', durationValue, 30_000)
      .option('--json', 'print JSON for machines; docs/commands.md describes the stable format')
      .action(actionOf(action))
  }
}
