import { type Path, type Place, pathText } from './place.ts'

/** One thing that is wrong with a configuration. */
export interface Problem {
  readonly path: Path
  /** Whether to point at the key or at its value. A value that is not there is pointed at by the mapping that lacks it. */
  readonly part: 'key' | 'value'
  /** For a person: what is expected, and what was found. Never a secret. */
  readonly message: string
}

/** `cdrstream.yaml:7:13 orgs[0].region: expected …, found …` */
export function problemLine(file: string, place: Place, { path, message }: Omit<Problem, 'part'>): string {
  const subject = path.length === 0 ? '' : `${pathText(path)}: `
  return `${file}:${place.line}:${place.column} ${subject}${message}`.replaceAll(/\s*\n\s*/g, ' ')
}
