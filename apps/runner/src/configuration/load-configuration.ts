import type { BuiltInSinks } from '../sinks/find-sink.ts'
import { checkDirectories } from './check-directories.ts'
import { checkOverlaps } from './check-overlaps.ts'
import type { CollectConfiguration, Configuration, SignInConfiguration } from './configuration.ts'
import type { Path } from './place.ts'
import { type PlacedProblem, type Problem, problemLine } from './problem.ts'
import { readAuthorities } from './read-authorities.ts'
import { readCertificate } from './read-certificate.ts'
import { type ConfigurationDocument, type DocumentSource, readDocument } from './read-document.ts'
import { type BaseReading, readBase } from './sections/read-base.ts'
import { readSinks } from './sections/read-sinks.ts'
import { otherFiles, warnOfFiles } from './warn-of-files.ts'

export type Loaded<Value> =
  | { readonly kind: 'configuration'; readonly configuration: Value }
  /** One line for each problem, for a person, in the order of the file. */
  | { readonly kind: 'problems'; readonly lines: readonly string[] }

export interface SinkSource extends DocumentSource {
  readonly builtInSinks: BuiltInSinks
}

/**
 * Loads a configuration to collect, for which everything must be right. Never throws because of a file's
 * content.
 */
export async function loadToCollect(source: SinkSource): Promise<Loaded<CollectConfiguration>> {
  const document = readDocument(source, () => false)
  if (document.kind === 'problems') return refused(document.problems)
  const { plain, baseDirectory, files } = document
  const base = readBase(plain, baseDirectory)
  const sinks = await readSinks(plain, base.sinks, source.builtInSinks, baseDirectory)
  const authorities = readAuthorities(plain, baseDirectory)
  const certificate = readCertificate(plain, baseDirectory)
  const complete = (value: Configuration): CollectConfiguration => ({
    ...value,
    authorities: authorities.pem,
    certificate: certificate.value,
    sinks: sinks.value,
    sinkSecrets: sinks.secrets,
    fileWarnings: warnOfFiles([...files, ...otherFiles(plain, baseDirectory)]),
  })
  const problems = [base, sinks, authorities, certificate].flatMap((part) => part.problems)
  return loaded(document, base, complete, [
    ...problems,
    ...checkDirectories(plain, baseDirectory),
    ...checkOverlaps(plain, baseDirectory),
  ])
}

/** Loads a configuration to sign in. Sinks are not loaded, and nothing needs to be writable. */
export function loadToSignIn(source: DocumentSource): Loaded<SignInConfiguration> {
  const document = readDocument(source, (path) => isOfSink(path) || isHttpToken(path))
  if (document.kind === 'problems') return refused(document.problems)
  const { plain, baseDirectory } = document
  const base = readBase(plain, baseDirectory)
  const authorities = readAuthorities(plain, baseDirectory)
  const complete = (value: Configuration) => ({ ...value, authorities: authorities.pem })
  return loaded(document, base, complete, [...base.problems, ...authorities.problems])
}

/** Loads a configuration to read the journal. Secrets need not be set. */
export function loadToLook(source: DocumentSource): Loaded<Configuration> {
  const document = readDocument(source, (path) => isOfSink(path) || isOfAuth(path) || isHttpToken(path))
  if (document.kind === 'problems') return refused(document.problems)
  const base = readBase(document.plain, document.baseDirectory)
  return loaded(document, base, (value) => value, base.problems)
}

function isOfSink([section, , key]: Path): boolean {
  return section === 'sinks' && (key === 'options' || key === 'fields')
}

/** Only the collector serves HTTP. */
function isHttpToken([section, key]: Path): boolean {
  return section === 'http' && key === 'token'
}

function isOfAuth([section, , key]: Path): boolean {
  return section === 'orgs' && key === 'auth'
}

/** Completes a configuration that has no problems, and so certainly has a value. */
function loaded<Value>(
  document: ConfigurationDocument,
  { value }: BaseReading,
  complete: (value: Configuration) => Value,
  problems: readonly Problem[],
): Loaded<Value> {
  const placed = document.place(problems)
  return value === undefined || placed.length > 0
    ? refused(placed)
    : { kind: 'configuration', configuration: complete(value) }
}

function refused(problems: readonly PlacedProblem[]): Loaded<never> {
  return { kind: 'problems', lines: problems.map(problemLine) }
}
