import { dirname, relative, resolve } from 'node:path'
import type { GivenFile } from '@cdrstream/core'
import { fileErrorText } from '../files/file-error.ts'
import { type FileSituation, readGivenFile } from '../files/given-file.ts'
import type { BuiltInSinks } from '../sinks/find-sink.ts'
import { checkDirectories } from './check-directories.ts'
import { checkOverlaps } from './check-overlaps.ts'
import { checkSecrets } from './check-secrets.ts'
import { type CheckedSinks, checkSinks } from './check-sinks.ts'
import { checkWhole } from './check-whole.ts'
import { completeConfiguration } from './complete-configuration.ts'
import type { Configuration } from './configuration.ts'
import { configurationSchema } from './configuration-schema.ts'
import type { Path, Place } from './place.ts'
import { holdsPlainSecret } from './plain-secrets.ts'
import { type PlainValue, plainValue } from './plain-value.ts'
import { type Problem, problemLine } from './problem.ts'
import { noAuthorities, readAuthorities } from './read-authorities.ts'
import { readYaml } from './read-yaml.ts'
import { shapeProblems } from './shape-problems.ts'
import { otherFiles, warnOfFiles } from './warn-of-files.ts'

export type LoadedConfiguration =
  | { readonly kind: 'configuration'; readonly configuration: Configuration }
  /** One line each, for a person, in the order of the file. */
  | { readonly kind: 'problems'; readonly lines: readonly string[] }

export interface LoadOptions {
  /** The configuration file; relative to the working directory. */
  readonly file: string
  readonly builtInSinks: BuiltInSinks
  /** The value of an environment variable. */
  readonly variable: (name: string) => string | undefined
  /**
   * `collect`: everything has to be right. `look`: for commands that only read the journal; secrets need not
   * be there, sinks are not loaded, nothing has to be writable. `sign-in`: the same, but with the secrets of
   * the orgs.
   */
  readonly purpose: 'collect' | 'look' | 'sign-in'
}

/** Reads a configuration and says all that is wrong with it. Never throws for what a file may hold. */
export async function loadConfiguration(options: LoadOptions): Promise<LoadedConfiguration> {
  const path = resolve(options.file)
  const shownPath = shortest(path)
  const read = readText(path)
  if ('problem' in read) {
    return { kind: 'problems', lines: [`${shownPath}: ${read.problem} (--config FILE names another)`] }
  }
  const yaml = readYaml(read.text)
  if (yaml.kind === 'syntax') {
    const lines = yaml.errors.map(({ place, message }) =>
      problemLine(shownPath, place, { path: [], message }),
    )
    return { kind: 'problems', lines }
  }
  const baseDirectory = dirname(path)
  const secretFiles: FileSituation[] = []
  const plain = plainValue(
    yaml.document,
    yaml.placeAt,
    {
      variable: options.variable,
      fileContent: (name) => {
        const { bytes, situation } = readGivenFile(resolve(baseDirectory, name))
        secretFiles.push(situation)
        return bytes.toString('utf8')
      },
    },
    (at) => isForOthers(at, options.purpose),
  )
  const files = [
    { ...read.situation, isSecret: holdsPlainSecret(plain.written) },
    ...secretFiles.map((situation) => ({ ...situation, isSecret: true })),
  ]
  return check(plain, options, shownPath, baseDirectory, files)
}

async function check(
  plain: PlainValue,
  { purpose, builtInSinks }: LoadOptions,
  shownPath: string,
  baseDirectory: string,
  files: readonly GivenFile[],
): Promise<LoadedConfiguration> {
  const shaped = configurationSchema.safeParse(plain.value)
  const checked = purpose === 'collect' ? await checkSinks(plain, builtInSinks, baseDirectory) : noSinks
  const authorities = purpose === 'look' ? noAuthorities : readAuthorities(plain, baseDirectory)
  const problems = [
    ...(shaped.success ? [] : shapeProblems(shaped.error.issues, plain)),
    ...checkWhole(plain),
    ...checked.problems,
    ...authorities.problems,
    ...(purpose === 'collect'
      ? [
          ...checkSecrets(plain, builtInSinks),
          ...checkDirectories(plain, baseDirectory),
          ...checkOverlaps(plain, baseDirectory),
        ]
      : []),
  ]
  const lines = problemLines(shownPath, plain, problems)
  if (!shaped.success || lines.length > 0) return { kind: 'problems', lines }
  return {
    kind: 'configuration',
    configuration: completeConfiguration(
      shaped.data,
      checked,
      authorities.pem,
      warnOfFiles([...files, ...otherFiles(plain, baseDirectory)]),
      baseDirectory,
    ),
  }
}

const noSinks: CheckedSinks = { sinks: new Map(), policies: new Map(), problems: [], secrets: [] }

function problemLines(file: string, plain: PlainValue, problems: readonly Problem[]): readonly string[] {
  // Where nothing could be put in for a ${…}, that is the problem, and not that the value is missing.
  const unresolved = new Set(plain.problems.map(({ path }) => JSON.stringify(path)))
  const all = [...plain.problems, ...problems.filter(({ path }) => !unresolved.has(JSON.stringify(path)))]
  const placed = all.map((problem) => ({ problem, place: plain.placeOf(problem.path, problem.part) }))
  placed.sort((a, b) => comparePlaces(a.place, b.place))
  return [...new Set(placed.map(({ problem, place }) => problemLine(file, place, problem)))]
}

function comparePlaces(a: Place, b: Place): number {
  return a.line - b.line || a.column - b.column
}

function isForOthers(path: Path, purpose: LoadOptions['purpose']): boolean {
  const [section, , key] = path
  if (section === 'orgs' && key === 'auth') return purpose === 'look'
  return section === 'sinks' && (key === 'options' || key === 'fields') && purpose !== 'collect'
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

/** Relative to the working directory where that is shorter. */
function shortest(path: string): string {
  const near = relative(process.cwd(), path)
  return near !== '' && near.length < path.length ? near : path
}
