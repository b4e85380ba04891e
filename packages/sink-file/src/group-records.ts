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

/**
 * Sorts the records of a batch by org and home. Refuses each record that cannot become a line, so that
 * encoding the others does not fail halfway.
 */
export function groupRecords(records: readonly CdrRecord[]): GroupedRecords {
  const groups = new Map<string, CdrRecord[]>()
  const refused: Refusal[] = []
  let last: Group | undefined
  for (const [index, record] of records.entries()) {
    const reason = whyNoLine(record, last?.sample)
    if (reason !== undefined) {
      refused.push({ index, reason })
      continue
    }
    const { org, home } = record
    // Records of one org and home come in long runs.
    if (last === undefined || last.sample.org !== org || last.sample.home !== home) {
      const directory = `${pathSegment(org)}/${pathSegment(home)}`
      const group = groups.get(directory) ?? []
      groups.set(directory, group)
      last = { sample: record, group }
    }
    last.group.push(record)
  }
  return { shares: Array.from(groups, ([directory, group]) => ({ directory, records: group })), refused }
}

interface Group {
  /** One of its records. */
  readonly sample: CdrRecord
  readonly group: CdrRecord[]
}

/** The reasons name no content, and no error message: it may have content. */
function whyNoLine(record: CdrRecord, sample: CdrRecord | undefined): string | undefined {
  try {
    if (!isObjectText(record.text)) return 'its text is not a JSON object'
  } catch {
    return 'its text cannot be made'
  }
  if (record.acceptedAtMs !== sample?.acceptedAtMs && !isInstant(record.acceptedAtMs)) {
    return 'the time of its acceptance is not a time'
  }
  return undefined
}

function isInstant(ms: number): boolean {
  return !Number.isNaN(new Date(ms).getTime())
}

function isObjectText(text: string): boolean {
  const trimmed = text.trim()
  return trimmed.length > 1 && trimmed.startsWith('{') && trimmed.endsWith('}')
}
