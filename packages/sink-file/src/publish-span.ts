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
 * Publishes a span, all of it or, after a crash, all or nothing:
 *
 * 1. the temporary files are complete and durable;
 * 2. the intent is durable: which file goes where, and up to which position that is. This is the moment that
 *    decides;
 * 3. each file is renamed to its place, durably.
 *
 * Data is durable before the intent, so an intent never names a torn file. A rename takes the temporary file
 * away, so a file that is missing was published: an intent can be carried out again, and nothing has to
 * record that it was.
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
