import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'

/** The paths of a demo. All but `shown` are absolute. */
export interface DemoDirectory {
  /** The directory as shown to the user. */
  readonly shown: string
  readonly path: string
  readonly records: string
  readonly journal: string
  readonly configuration: string
  /** The collector's log. */
  readonly log: string
}

export type PreparedDirectory =
  | { readonly kind: 'directory'; readonly directory: DemoDirectory }
  | { readonly kind: 'foreign'; readonly path: string }

const marker = '.cdrstream-demo'
const markerText = 'cdrstream demo deletes "records" and "data" beside this file when it starts.\n'

/**
 * Creates an empty directory for a demo. Deletes only the files of an earlier demo, because any other
 * directory could contain real records.
 */
export function prepareDirectory(shown: string): PreparedDirectory {
  const path = resolve(shown)
  const isDemo = existsSync(join(path, marker))
  if (!isDemo && existsSync(path) && readdirSync(path).length > 0) return { kind: 'foreign', path }
  mkdirSync(path, { recursive: true, mode: 0o700 })
  writeFileSync(join(path, marker), markerText)
  const directory: DemoDirectory = {
    shown,
    path,
    records: join(path, 'records'),
    journal: join(path, 'data', 'cdrstream.db'),
    configuration: join(path, 'cdrstream.yaml'),
    log: join(path, 'collector.log'),
  }
  rmSync(directory.records, { recursive: true, force: true })
  rmSync(join(path, 'data'), { recursive: true, force: true })
  return { kind: 'directory', directory }
}
