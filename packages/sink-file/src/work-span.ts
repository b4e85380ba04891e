import { join } from 'node:path'
import type { Position } from '@cdrstream/plugin'
import type { LineEncoder } from './encode-lines.ts'
import { forEachOf } from './for-each-of.ts'
import type { Share } from './group-records.ts'
import type { Layout } from './layout.ts'

/** The records since the last published position, in one temporary file for each org and home. */
export interface WorkSpan {
  /** The position before the first record. */
  readonly from: Position
  /** The position of the last record. */
  readonly to: Position
  /** By `ORG/HOME`. */
  readonly files: ReadonlyMap<string, WorkFile>
}

export interface WorkFile {
  /** The name in the work directory. */
  readonly temporary: string
  readonly bytes: number
  /** How many of the bytes are only in the page cache. */
  readonly unsyncedBytes: number
}

/**
 * Once this many bytes are not durable, a file is synced while more lines are encoded, so that little is left
 * to sync at the end.
 */
const earlySyncBytes = 4_000_000

/**
 * A span is published when it has this many files, or this many times the size limit of one file, so that
 * publishing stays short.
 */
const maxFiles = 1_000
const maxSpanFactor = 8

/**
 * Appends the records of a batch, and returns the extended span. Files are open only while they are appended
 * to, because there may be thousands.
 */
export async function extendSpan(
  span: WorkSpan,
  batch: { readonly shares: readonly Share[]; readonly to: Position },
  write: {
    readonly layout: Layout
    readonly encoder: LineEncoder
    /** Returns a name that no temporary file has ever had. */
    readonly nextName: () => string
    readonly signal: AbortSignal
  },
): Promise<WorkSpan> {
  const { layout, encoder, nextName, signal } = write
  const files = new Map(span.files)
  for (const { directory, records } of batch.shares) {
    signal.throwIfAborted()
    const chunks = encoder.encode(records)
    const known = files.get(directory)
    const file =
      known === undefined
        ? await beginFile(layout, nextName(), chunks)
        : await extendFile(layout, known, chunks)
    files.set(directory, file)
  }
  return { from: span.from, to: batch.to, files }
}

async function beginFile(layout: Layout, temporary: string, chunks: Iterable<Uint8Array>): Promise<WorkFile> {
  const bytes = await layout.files.append(join(layout.work, temporary), chunks, 'new')
  return { temporary, bytes, unsyncedBytes: bytes }
}

async function extendFile(layout: Layout, file: WorkFile, chunks: Iterable<Uint8Array>): Promise<WorkFile> {
  const path = join(layout.work, file.temporary)
  const syncsEarly = file.unsyncedBytes >= earlySyncBytes
  let bytes = 0
  const append = async () => {
    bytes = await layout.files.append(path, chunks, 'existing')
  }
  const sync = () => layout.files.sync(path)
  await forEachOf(syncsEarly ? [sync, append] : [append], (step) => step())
  return {
    temporary: file.temporary,
    bytes: file.bytes + bytes,
    unsyncedBytes: (syncsEarly ? 0 : file.unsyncedBytes) + bytes,
  }
}

/** Returns whether the span must be published now. */
export function isFull(span: WorkSpan, rotateBytes: number): boolean {
  let allBytes = 0
  for (const { bytes } of span.files.values()) {
    if (bytes >= rotateBytes) return true
    allBytes += bytes
  }
  return span.files.size >= maxFiles || allBytes >= maxSpanFactor * rotateBytes
}
