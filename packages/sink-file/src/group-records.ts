import type { CdrRecord, Refusal } from '@cdrstream/plugin'
import { pathSegment } from './path-segment.ts'

/** The records that a batch adds to one file. */
export interface Share {
  /** `ORG/HOME`, relative to the sink's directory. */
  readonly directory: string
  /** In the order of the batch. */
  readonly records: readonly CdrRecord[]
}

export interface GroupedRecords {
  readonly shares: readonly Share[]
  readonly refused: readonly Refusal[]
}

/**
 * Groups the records of a batch by org and home. Refuses each record that cannot become a line, so that
 * encoding the others cannot fail halfway.
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
    // Records of the same org and home usually follow each other.
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
  /** One of the file's records. */
  readonly sample: CdrRecord
  readonly group: CdrRecord[]
}

/**
 * Returns why a record cannot become a line, or undefined. The reasons contain neither content nor error
 * messages, which may contain content.
 */
function whyNoLine(record: CdrRecord, sample: CdrRecord | undefined): string | undefined {
  try {
    if (!isObjectText(record.text)) return 'its text is not a JSON object'
  } catch {
    return 'its text cannot be read'
  }
  if (record.acceptedAtMs !== sample?.acceptedAtMs && !isInstant(record.acceptedAtMs)) {
    return 'its acceptance time is not valid'
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
