import type { Command } from 'commander'
import type { QuarantineAction } from '../commands/quarantine.ts'
import type { ListAction } from './command-action.ts'
import { itemNumbers, wholeNumberValue } from './option-values.ts'

const description = [
  'Quarantine holds what could not be delivered: API items that cannot be read as records, and records that a sink permanently refuses.',
  "`show` and `export` mask the content according to the sink's `fields`, and content without a sink as strictly as possible. To print everything, use --raw.",
].join('\n\n')

const actions: readonly { readonly action: QuarantineAction; readonly summary: string }[] = [
  { action: 'list', summary: 'list the items, newest first' },
  { action: 'show', summary: 'print items with their content' },
  { action: 'retry', summary: 'deliver items again, and remove those that the sink accepts' },
  { action: 'export', summary: 'write items as NDJSON, one per line' },
  { action: 'drop', summary: 'permanently delete items' },
]

export function addQuarantine(program: Command, actionOf: (action: QuarantineAction) => ListAction): void {
  const command = program
    .command('quarantine')
    .summary('list, show, retry, export or drop items that could not be delivered')
    .description(description)
  for (const { action, summary } of actions) {
    const inner = command
      .command(action)
      .summary(summary)
      .description(`${summary.charAt(0).toUpperCase()}${summary.slice(1)}.`)
      .argument(action === 'show' ? '<ids...>' : '[ids...]', 'item numbers from `list`', itemNumbers)
      .option('--json', 'print JSON for machines; docs/commands.md describes the stable format')
    if (action !== 'show') {
      inner
        .option('--sink <name>', 'only records that this sink refused')
        .option('--org <name>', 'only items from this org')
        .option('--reason <text>', 'only items whose reason contains this text')
        .option('--unreadable', 'only items that could not be read as records')
    }
    if (action === 'list') {
      inner.option('--limit <number>', 'the maximum number of items', wholeNumberValue(1, 1_000_000), 50)
    } else if (action !== 'show') {
      inner.option('--all', 'all items')
    }
    if (action === 'show' || action === 'export') inner.option('--raw', 'print the content unmasked')
    if (action === 'export') inner.option('-o, --output <file>', 'a new file (default: standard output)')
    if (action === 'drop') inner.option('--yes', 'do not ask for confirmation')
    if (action === 'retry') inner.option('--no-wait', 'do not wait for the collector to finish')
    inner.action(actionOf(action))
  }
}
