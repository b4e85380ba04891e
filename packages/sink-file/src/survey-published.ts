import { join } from 'node:path'
import type { Files } from './files.ts'
import type { Layout } from './layout.ts'
import { journalTag, readSpanName } from './span-name.ts'

/** What the directory itself says about what was published there, whatever became of the sink's state. */
export interface PublishedSurvey {
  /** Something was published here: there are home directories. Readers may have moved the files away. */
  readonly isUsed: boolean
  /** Of the files that this journal's records went to, the one that goes furthest. */
  readonly last: { readonly path: string; readonly toOffset: number } | undefined
  /** There are files of other journals. */
  readonly hasOthers: boolean
}

/** Reads the names of all published files. Costs one listing for each org and day that the directory has. */
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
 * Yields each `ORG/HOME` that this sink can have made. Other directories, such as `lost+found`, may be
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
