import type { CdrRecord, Refusal } from '@cdrstream/plugin'
import { pathSegment } from './path-segment.ts'

/** What a batch adds to one file. */
export interface Share {
  /** `ORG/HOME`, relative to the sink's directory. */
  readonly directory: string
  /** In the batch's order. */
  readonly records: readonly CdrRecord[]
}

export interface GroupedRecords {
  readonly shares: readonly Share[]
  readonly refused: readonly Refusal[]
}

/** Sorts the records of a batch by org and home. What is no JSON object cannot become a line. */
export function groupRecords(records: readonly CdrRecord[]): GroupedRecords {
  const groups = new Map<string, CdrRecord[]>()
  const refused: Refusal[] = []
  let last: { readonly org: string; readonly home: string; readonly group: CdrRecord[] } | undefined
  for (const [index, record] of records.entries()) {
    if (!isObjectText(record.text)) {
      refused.push({ index, reason: 'its text is not a JSON object' })
      continue
    }
    const { org, home } = record
    // Records of one org and home come in long runs.
    if (last === undefined || last.org !== org || last.home !== home) {
      const directory = `${pathSegment(org)}/${pathSegment(home)}`
      const group = groups.get(directory) ?? []
      groups.set(directory, group)
      last = { org, home, group }
    }
    last.group.push(record)
  }
  return { shares: Array.from(groups, ([directory, group]) => ({ directory, records: group })), refused }
}

function isObjectText(text: string): boolean {
  const trimmed = text.trim()
  return trimmed.length > 1 && trimmed.startsWith('{') && trimmed.endsWith('}')
}
