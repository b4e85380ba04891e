import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'

/** Creates an empty directory on disk, for one test. */
export async function realDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'sink-file-'))
  onTestFinished(() => rm(directory, { recursive: true, force: true }))
  return directory
}

/**
 * Returns the published files by path, as a reader finds them: named `.ndjson…`, outside of dot-directories.
 */
export async function publishedFiles(directory: string): Promise<ReadonlyMap<string, Buffer>> {
  const files = new Map<string, Buffer>()
  for (const entry of (await readdir(directory, { recursive: true })).sort()) {
    if (!/^[^.].*\.ndjson/.test(entry)) continue
    files.set(entry, await readFile(join(directory, entry)))
  }
  return files
}
