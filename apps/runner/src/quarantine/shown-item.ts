import { createRecordMask, type FieldPolicy, type RecordMask } from '@cdrstream/core'
import type { QuarantinedItem } from '@cdrstream/journal-sqlite'
import type { SinkConfiguration } from '../configuration/configuration.ts'
import { isoTime } from '../status/iso-time.ts'

/** An item as printed by `show` and `export`. Users rely on the keys (docs/commands.md, "quarantine"). */
export interface ShownItem {
  readonly id: number
  readonly org: string
  readonly sink: string | null
  readonly reason: string
  readonly at: string
  readonly acceptedAt: string | null
  readonly bytes: number
  /** With `--raw`, the exact text; otherwise the masked text, or null if it cannot be masked. */
  readonly content: string | null
}

/** Hides everything that may be personal, and every key that is not in the catalogue. */
const strictest: FieldPolicy = {
  classes: {
    number: { kind: 'drop' },
    name: { kind: 'drop' },
    identifier: { kind: 'drop' },
    address: { kind: 'drop' },
    secret: { kind: 'drop' },
    context: { kind: 'drop' },
  },
  unknown: 'drop',
}

/**
 * Returns a function that prepares items for printing. It applies the `fields` of the sink that refused them,
 * or otherwise the strictest masking.
 */
export function itemsToShow(
  sinks: readonly Pick<SinkConfiguration, 'name' | 'fields'>[],
  isRaw: boolean,
): (item: QuarantinedItem, text: Uint8Array) => ShownItem {
  const strict = createRecordMask(strictest)
  const masks = new Map(sinks.map(({ name, fields }) => [name, createRecordMask(fields)]))
  return ({ id, org, sink, reason, atMs, acceptedAtMs, bytes }, text) => {
    const mask = (sink === null ? undefined : masks.get(sink)) ?? strict
    const content = Buffer.from(text).toString()
    return {
      id,
      org,
      sink,
      reason,
      at: isoTime(atMs),
      acceptedAt: acceptedAtMs === null ? null : isoTime(acceptedAtMs),
      bytes,
      content: isRaw ? content : masked(content, mask),
    }
  }
}

function masked(text: string, mask: RecordMask): string | null {
  try {
    JSON.parse(text)
    return mask.apply(text)
  } catch {
    // Only JSON objects have fields that can be masked individually.
    return null
  }
}
