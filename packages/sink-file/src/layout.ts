import { join } from 'node:path'
import type { Files } from './files.ts'

/** Where the sink's files lie. */
export interface Layout {
  readonly files: Files
  /** Published files, in `ORG/HOME/`. Absolute. */
  readonly directory: string
  /**
   * State and work in progress. In `directory`, so that a file is published by a rename within one file
   * system.
   */
  readonly work: string
}

export function sinkLayout(files: Files, directory: string): Layout {
  return { files, directory, work: join(directory, '.work') }
}
