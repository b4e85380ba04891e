import { join } from 'node:path'
import { carryOutIntent } from './carry-out-intent.ts'
import { compressFile, suffixes } from './compress-file.ts'
import type { Compression } from './file-sink-options.ts'
import { forEachOf } from './for-each-of.ts'
import type { Layout } from './layout.ts'
import type { Intent, StateFile } from './sink-state.ts'
import { spanName } from './span-name.ts'
import type { WorkFile, WorkSpan } from './work-span.ts'

/**
 * Publishes a span. After a crash, either all of it or nothing is published:
 *
 * 1. The temporary files are completed and made durable.
 * 2. The intent is made durable: which file goes where, and the resulting position. This is the decisive
 *   moment.
 * 3. Each file is renamed to its place, and the directories are made durable.
 *
 * Data is durable before the intent, so an intent never names a partial file. A rename removes the temporary
 * file, so a missing one was already published: an intent can be carried out again, and nothing has to record
 * that it was.
 */
export async function publishSpan(
  span: WorkSpan,
  write: {
    readonly layout: Layout
    readonly state: StateFile
    readonly compression: Compression
    readonly signal: AbortSignal
  },
): Promise<void> {
  const { layout, state, compression, signal } = write
  await forEachOf(span.files.values(), (file) => finishFile(file, layout, compression, signal))
  await layout.files.syncDirectory(layout.work)
  signal.throwIfAborted()
  const intent = spanIntent(span, compression)
  await state.write(intent)
  await carryOutIntent(intent, layout)
}

async function finishFile(
  { temporary }: WorkFile,
  { files, work }: Layout,
  compression: Compression,
  signal: AbortSignal,
): Promise<void> {
  signal.throwIfAborted()
  const from = join(work, temporary)
  if (compression === 'none') return files.sync(from)
  const to = `${from}${suffixes[compression]}`
  await compressFile(files, { from, to }, compression, signal)
  await files.sync(to)
  await files.remove(from)
}

function spanIntent(span: WorkSpan, compression: Compression): Intent {
  const name = spanName(span.from, span.to)
  const suffix = suffixes[compression]
  const files = Array.from(span.files, ([directory, { temporary }]) => ({
    temporary: `${temporary}${suffix}`,
    final: `${directory}/${name}.ndjson${suffix}`,
  }))
  return { position: span.to, files }
}
