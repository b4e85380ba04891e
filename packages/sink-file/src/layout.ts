import { join } from 'node:path'
import type { Files } from './files.ts'

/** Where the sink's files are. */
export interface Layout {
  readonly files: Files
  /** Contains the published files, in `ORG/HOME/`. Absolute. */
  readonly directory: string
  /**
   * Contains the state and unpublished files. It is in `directory`, so that files are published by a rename
   * within one file system.
   */
  readonly work: string
}

export function sinkLayout(files: Files, directory: string): Layout {
  return { files, directory, work: join(directory, '.work') }
}
