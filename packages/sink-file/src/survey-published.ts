import { join } from 'node:path'
import type { Files } from './files.ts'
import type { Layout } from './layout.ts'
import { journalTag, readSpanName } from './span-name.ts'

/** What the names in the directory show about earlier publications, independent of the state. */
export interface PublishedSurvey {
  /**
   * Whether anything was published here, which home directories show even if readers have moved the files.
   */
  readonly isUsed: boolean
  /** The file of this journal with the latest position. */
  readonly last: { readonly path: string; readonly toOffset: number } | undefined
  /** Whether there are files from other journals. */
  readonly hasOthers: boolean
}

/** Reads the names of all published files. Needs one directory listing for each org and day. */
export async function surveyPublished(
  { files, directory }: Layout,
  incarnation: string,
): Promise<PublishedSurvey> {
  const journal = journalTag(incarnation)
  let isUsed = false
  let hasOthers = false
  let last: PublishedSurvey['last']
  for await (const home of homeDirectories(files, directory)) {
    isUsed = true
    for (const name of await files.list(join(directory, home))) {
      const span = readSpanName(name)
      if (span === undefined) continue
      if (span.journal !== journal) hasOthers = true
      else if (last === undefined || span.toOffset > last.toOffset) {
        last = { path: `${home}/${name}`, toOffset: span.toOffset }
      }
    }
  }
  return { isUsed, last, hasOthers }
}

/**
 * Yields each `ORG/HOME` that this sink may have created. Other directories, such as `lost+found`, may be
 * unreadable.
 */
async function* homeDirectories(files: Files, directory: string): AsyncIterable<string> {
  for (const org of await files.list(directory)) {
    if (!/^[A-Za-z0-9_%~-][A-Za-z0-9._%~-]*$/.test(org) || !(await isDirectory(files, join(directory, org))))
      continue
    for (const home of await files.list(join(directory, org))) {
      const path = `${org}/${home}`
      if (/^\d{4}-\d{2}-\d{2}$/.test(home) && (await isDirectory(files, join(directory, path)))) yield path
    }
  }
}

async function isDirectory(files: Files, path: string): Promise<boolean> {
  return (await files.look(path))?.kind === 'directory'
}
