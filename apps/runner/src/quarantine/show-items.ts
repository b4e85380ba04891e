import { plainLine } from '@cdrstream/core/words'
import type { QuarantinedItem } from '@cdrstream/journal-sqlite'
import { isoTime } from '../status/iso-time.ts'
import { showBytes, showCount } from '../status/show-amount.ts'
import type { ShownItem } from './shown-item.ts'

/** Returns a table of items, and the total number of items. */
export function showList(items: readonly QuarantinedItem[], total: number): string {
  if (total === 0) return 'nothing in quarantine\n'
  const rows = [
    ['ID', 'SINCE', 'ORG', 'SINK', 'REASON'],
    ...items.map(({ id, atMs, org, sink, reason }) => [
      String(id),
      `${isoTime(atMs).slice(0, 19)}Z`,
      org,
      sink ?? '-',
      plainLine(reason),
    ]),
  ]
  const widths = [0, 1, 2, 3].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  const lines = rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  )
  const more =
    total > items.length
      ? [`${items.length.toLocaleString('en')} of ${showCount(total, 'item')}; --limit shows more`]
      : []
  return [...lines, ...more, ''].join('\n')
}

/** Returns one item with its content. */
export function showItem({ id, org, sink, reason, at, acceptedAt, bytes, content }: ShownItem): string {
  const rows = [
    ['item', String(id)],
    ['org', org],
    ['sink', sink ?? 'none; the item could not be read as a record'],
    ['reason', plainLine(reason)],
    ['since', at],
    ...(acceptedAt === null ? [] : [['accepted', acceptedAt]]),
    ['content', content ?? `${showBytes(bytes)} that cannot be masked; --raw prints them`],
  ]
  return `${rows.map(([label = '', value = '']) => `${label.padEnd(10)}${value}`).join('\n')}\n`
}
