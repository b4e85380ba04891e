import { dirname, relative, resolve } from 'node:path'
import type { GivenFile } from '@cdrstream/core/file-trust'
import { fileErrorText } from '../files/file-error.ts'
import { type FileSituation, readGivenFile } from '../files/given-file.ts'
import type { Place } from './place.ts'
import { holdsPlainSecret } from './plain-secrets.ts'
import { type MayStay, type PlainValue, plainValue } from './plain-value.ts'
import { type PlacedProblem, type Problem, placedProblem, problemLine } from './problem.ts'
import { readYaml } from './read-yaml.ts'

export interface DocumentSource {
  /** The configuration file, relative to the working directory. */
  readonly file: string
  /** Returns the value of an environment variable. */
  readonly variable: (name: string) => string | undefined
}

export interface ConfigurationDocument {
  readonly kind: 'document'
  readonly plain: PlainValue
  /** The directory of the file. */
  readonly baseDirectory: string
  /** The file, and all files that a `${file:…}` names. */
  readonly files: readonly GivenFile[]
  /** Returns problems with their places, in file order. */
  place(problems: readonly Problem[]): readonly PlacedProblem[]
}

export type DocumentReading =
  | ConfigurationDocument
  | { readonly kind: 'problems'; readonly problems: readonly PlacedProblem[] }

/** Reads a configuration file. `mayStay` decides where a `${…}` without a value stays as it is written. */
export function readDocument(source: DocumentSource, mayStay: MayStay): DocumentReading {
  const path = resolve(source.file)
  const file = shortest(path)
  const read = readText(path)
  if ('problem' in read) {
    const message = `${read.problem} (--config FILE names another)`
    return { kind: 'problems', problems: [{ file, place: undefined, key: '', message }] }
  }
  const yaml = readYaml(read.text)
  if (yaml.kind === 'syntax') {
    const problems = yaml.errors.map(({ place, message }) => ({ file, place, key: '', message }))
    return { kind: 'problems', problems }
  }
  const baseDirectory = dirname(path)
  const secretFiles: FileSituation[] = []
  const fileContent = (name: string) => {
    const { bytes, situation } = readGivenFile(resolve(baseDirectory, name))
    secretFiles.push(situation)
    return bytes.toString('utf8')
  }
  const surroundings = { variable: source.variable, fileContent }
  const plain = plainValue(yaml.document, yaml.placeAt, surroundings, mayStay)
  return {
    kind: 'document',
    plain,
    baseDirectory,
    files: [
      { ...read.situation, isSecret: holdsPlainSecret(plain.written) },
      ...secretFiles.map((situation) => ({ ...situation, isSecret: true })),
    ],
    place: (problems) => placeProblems(file, plain, problems),
  }
}

/** If a `${…}` has no value, other problems with that text are ignored. */
function placeProblems(
  file: string,
  plain: PlainValue,
  problems: readonly Problem[],
): readonly PlacedProblem[] {
  const unresolved = [...plain.problems.map(({ path }) => path), ...plain.unresolved]
  const ids = new Set(unresolved.map((path) => JSON.stringify(path)))
  const all = [...plain.problems, ...problems.filter(({ path }) => !ids.has(JSON.stringify(path)))]
  const placed = all
    .map((problem) => placedProblem(file, plain.placeOf(problem.path, problem.part), problem))
    .sort((a, b) => comparePlaces(a.place, b.place))
  // A value that is read through aliases can have the same problem several times.
  return [...new Map(placed.map((problem) => [problemLine(problem), problem])).values()]
}

function comparePlaces(a: Place | undefined, b: Place | undefined): number {
  if (a === undefined || b === undefined) return 0
  return a.line - b.line || a.column - b.column
}

function readText(
  path: string,
): { readonly text: string; readonly situation: FileSituation } | { readonly problem: string } {
  try {
    const { bytes, situation } = readGivenFile(path)
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes), situation }
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unreadable'
    switch (code) {
      case 'ENOENT':
        return { problem: 'expected a configuration file, found nothing' }
      case 'EISDIR':
        return { problem: 'expected a configuration file, found a directory' }
      case 'ERR_ENCODING_INVALID_ENCODED_DATA':
        return { problem: 'expected UTF-8 text, found other bytes' }
      default:
        return { problem: `the configuration file cannot be read: ${fileErrorText(cause)}` }
    }
  }
}

/** Returns the path relative to the working directory if that is shorter. */
function shortest(path: string): string {
  const near = relative(process.cwd(), path)
  return near !== '' && near.length < path.length ? near : path
}
