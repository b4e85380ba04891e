import type { Command } from 'commander'
import type { QuarantineAction } from '../commands/quarantine.ts'
import type { ListAction } from './command-action.ts'
import { itemNumbers, wholeNumberValue } from './option-values.ts'

const description = [
  'Quarantine keeps what could not be delivered: items of the API that cannot be read as records, and records that a sink refuses for good.',
  'What `show` and `export` print is masked as the `fields` of the sink say, and items of no sink as strictly as possible; --raw prints everything.',
].join('\n\n')

const actions: readonly { readonly action: QuarantineAction; readonly summary: string }[] = [
  { action: 'list', summary: 'list the items, newest first' },
  { action: 'show', summary: 'print items with their content' },
  { action: 'retry', summary: 'deliver items again; what a sink takes leaves quarantine' },
  { action: 'export', summary: 'write items as NDJSON, one per line' },
  { action: 'drop', summary: 'delete items for good' },
]

export function addQuarantine(program: Command, actionOf: (action: QuarantineAction) => ListAction): void {
  const command = program
    .command('quarantine')
    .summary('list, show, retry, export or drop what could not be delivered')
    .description(description)
  for (const { action, summary } of actions) {
    const inner = command
      .command(action)
      .summary(summary)
      .description(`${summary.charAt(0).toUpperCase()}${summary.slice(1)}.`)
      .argument(
        action === 'show' ? '<ids...>' : '[ids...]',
        'the numbers of items, as `list` prints them',
        itemNumbers,
      )
      .option('--json', 'print JSON for machines; docs/commands.md describes the stable format')
    if (action !== 'show') {
      inner
        .option('--sink <name>', 'only what this sink refused')
        .option('--org <name>', 'only items of this org')
        .option('--reason <text>', 'only items whose reason contains this text')
        .option('--unreadable', 'only items that could not be read as records')
    }
    if (action === 'list') {
      inner.option('--limit <number>', 'how many items at most', wholeNumberValue(1, 1_000_000), 50)
    } else if (action !== 'show') {
      inner.option('--all', 'all items')
    }
    if (action === 'show' || action === 'export')
      inner.option('--raw', 'print the content without any masking')
    if (action === 'export') inner.option('-o, --output <file>', 'a new file (default: standard output)')
    if (action === 'drop') inner.option('--yes', 'do not ask for confirmation')
    if (action === 'retry') inner.option('--no-wait', 'return at once; the collector carries it out')
    inner.action(actionOf(action))
  }
}
