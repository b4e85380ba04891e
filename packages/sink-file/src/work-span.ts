import { join } from 'node:path'
import type { Position } from '@cdrstream/plugin'
import type { LineEncoder } from './encode-lines.ts'
import type { Share } from './group-records.ts'
import type { Layout } from './layout.ts'

/** The records since the last published position: one temporary file for each org and home. */
export interface WorkSpan {
  /** Before its first record. */
  readonly from: Position
  /** Its last record. */
  readonly to: Position
  /** By `ORG/HOME`. */
  readonly files: ReadonlyMap<string, WorkFile>
}

export interface WorkFile {
  /** Its name in the work directory. */
  readonly temporary: string
  readonly bytes: number
}

/** A span is published when it has so many files, or so many times the bytes of one file: publishing it must stay short. */
const mostFiles = 1_000
const mostBytesInFiles = 8

/** Appends what a batch holds. A file is open only for its own append: there may be thousands. */
export async function extendSpan(
  span: WorkSpan,
  batch: { readonly shares: readonly Share[]; readonly to: Position },
  write: {
    readonly layout: Layout
    readonly encoder: LineEncoder
    /** A name that no temporary file has ever had. */
    readonly nextName: () => string
    readonly signal: AbortSignal
  },
): Promise<WorkSpan> {
  const { layout, encoder, nextName, signal } = write
  const files = new Map(span.files)
  for (const { directory, records } of batch.shares) {
    signal.throwIfAborted()
    const known = files.get(directory)
    const temporary = known?.temporary ?? nextName()
    const to = known === undefined ? 'new' : 'existing'
    const bytes = await layout.files.append(join(layout.work, temporary), encoder.encode(records), to)
    files.set(directory, { temporary, bytes: (known?.bytes ?? 0) + bytes })
  }
  return { from: span.from, to: batch.to, files }
}

/** Whether a span has to end here. */
export function isFull(span: WorkSpan, rotateBytes: number): boolean {
  let allBytes = 0
  for (const { bytes } of span.files.values()) {
    if (bytes >= rotateBytes) return true
    allBytes += bytes
  }
  return span.files.size >= mostFiles || allBytes >= mostBytesInFiles * rotateBytes
}
