import { plainLine } from '@cdrstream/core'
import { type Path, type Place, pathText } from './place.ts'

/** One thing that is wrong with a configuration. */
export interface Problem {
  readonly path: Path
  /**
   * Whether to point at the key or at its value. A value that is not there is pointed at by the mapping that
   * lacks it.
   */
  readonly part: 'key' | 'value'
  /** For a person: what is expected, and what was found. Never a secret. */
  readonly message: string
  /** For machines; where there are several kinds of problems at one place. */
  readonly code?: string
  /** What of the path is shown. Default: the steps that may be. */
  readonly subject?: string
}

/** Returns `cdrstream.yaml:7:13 sinks[0].use: expected …, found … [sink-not-found]`. */
export function problemLine(file: string, place: Place, problem: Omit<Problem, 'part'>): string {
  const { path, message, code, subject = pathText(path) } = problem
  const start = subject === '' ? '' : `${subject}: `
  const end = code === undefined ? '' : ` [${code}]`
  return plainLine(`${file}:${place.line}:${place.column} ${start}${message}${end}`)
}
