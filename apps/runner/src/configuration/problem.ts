import { plainLine } from '@cdrstream/core/words'
import { type Path, type Place, pathText } from './place.ts'

/** One thing that is wrong with a configuration. */
export interface Problem {
  readonly path: Path
  /** Whether to point at the key or its value. For a missing value, points at the mapping that lacks it. */
  readonly part: 'key' | 'value'
  /** For a person: the expected and the found value. Never contains a secret. */
  readonly message: string
  /** For machines, where one path can have several kinds of problems. */
  readonly code?: string
  /** The path as it is shown. Default: `path` without the keys that may not be shown. */
  readonly subject?: string
}

/** A problem as it is shown, with its place in a file and the key if that may be shown. */
export interface PlacedProblem {
  readonly file: string
  /** Undefined if the file could not be read. */
  readonly place: Place | undefined
  /** The path as it is shown, such as `sinks[0].use`; empty for the whole file. */
  readonly key: string
  readonly message: string
  readonly code?: string
}

export function placedProblem(file: string, place: Place, problem: Problem): PlacedProblem {
  const { path, message, code, subject = pathText(path) } = problem
  return { file, place, key: subject, message, ...(code !== undefined && { code }) }
}

/** Returns `cdrstream.yaml:7:13 sinks[0].use: expected …, found … [sink-not-found]`. */
export function problemLine({ file, place, key, message, code }: PlacedProblem): string {
  const at = place === undefined ? `${file}:` : `${file}:${place.line}:${place.column}`
  const start = key === '' ? '' : `${key}: `
  const end = code === undefined ? '' : ` [${code}]`
  return plainLine(`${at} ${start}${message}${end}`)
}
