import { hash } from 'node:crypto'
import { createWords, type Words } from '@cdrstream/core/words'
import {
  type CheckedSink,
  checkSinkOptions,
  issuePath,
  type OptionIssue,
  unknownKeys,
} from '../../sinks/check-sink-options.ts'
import { type BuiltInSinks, type FoundSink, findSink } from '../../sinks/find-sink.ts'
import type { SinkProblem } from '../../sinks/sink-problem.ts'
import { canonicalText } from '../canonical-text.ts'
import type { SinkConfiguration } from '../configuration.ts'
import { readFieldPolicy } from '../field-policy/read-field-policy.ts'
import { mayShowKey, shownValue } from '../may-be-shown.ts'
import { withMeantValues } from '../meant-values.ts'
import { optionSecrets } from '../option-secrets.ts'
import { type Path, pathText } from '../place.ts'
import type { PlainValue } from '../plain-value.ts'
import type { Problem } from '../problem.ts'
import { isPathText } from '../schema/leaf.ts'
import { schemaKeys } from '../schema/schema-keys.ts'
import type { ShapedSink } from '../schema/sinks-schema.ts'
import type { Secret } from '../secret.ts'
import { foundAt } from '../shape-problems.ts'
import { unknownKey } from '../unknown-key.ts'
import { listAt, valueAt } from '../value-at.ts'
import { checkSecrets } from './check-secrets.ts'

export interface SinksReading {
  /** The sinks without problems. */
  readonly value: readonly SinkConfiguration[]
  readonly problems: readonly Problem[]
  /** The secrets in the `options` and `fields` of all sinks, which must not be printed. */
  readonly secrets: readonly Secret[]
}

/**
 * Loads each sink's plugin and lets it check its options. `shaped` contains the sinks if the section is
 * valid. The plugins check their options in any case, so that users see all problems at once.
 */
export async function readSinks(
  plain: PlainValue,
  shaped: readonly ShapedSink[] = [],
  builtIn: BuiltInSinks,
  baseDirectory: string,
): Promise<SinksReading> {
  const loaded = await Promise.all(
    listAt(plain.value, ['sinks']).map((_, index) => loadSink(plain, index, builtIn, baseDirectory)),
  )
  const policies = loaded.map((_, index) => readFieldPolicy(plain, ['sinks', index, 'fields']))
  return {
    value: shaped.flatMap(({ name, from }, index): readonly SinkConfiguration[] => {
      const sink = loaded[index]?.sink
      if (sink === undefined) return []
      const identity = sinkIdentity(valueAt(plain.value, ['sinks', index]))
      return [{ name, from, sink, fields: policies[index]?.policy ?? {}, identity }]
    }),
    problems: [
      ...[...policies, ...loaded].flatMap(({ problems }) => problems),
      ...checkSecrets(plain, builtIn),
    ],
    secrets: [...policies, ...loaded].flatMap(({ secrets }) => secrets),
  }
}

/** A digest, because options hold secrets. `from` is left out: it matters only for a new sink. */
function sinkIdentity(written: unknown): string {
  const { from: _, ...rest } = written as Readonly<Record<string, unknown>>
  return hash('sha256', canonicalText(rest), 'hex')
}

interface LoadedSink {
  readonly sink: CheckedSink | undefined
  readonly problems: readonly Problem[]
  readonly secrets: readonly Secret[]
}

async function loadSink(
  plain: PlainValue,
  index: number,
  builtIn: BuiltInSinks,
  baseDirectory: string,
): Promise<LoadedSink> {
  const path = ['sinks', index]
  const use = valueAt(plain.value, [...path, 'use'])
  // Any other value has been reported by the section's schema.
  if (!isPathText(use)) return { sink: undefined, problems: [], secrets: [] }
  const options = valueAt(plain.value, [...path, 'options']) ?? {}
  const secrets = optionSecrets(options, plain.substituted)
  const found = await findSink(use, baseDirectory, builtIn)
  if (found.kind === 'problem') {
    return { sink: undefined, problems: [sinkProblem(found, use, path, plain, secrets)], secrets }
  }
  const at = [...path, 'options']
  const checked = await checkOptions(found, options, at, plain)
  if (checked.kind === 'sink') {
    const { url, isOutdated } = found
    return { sink: { ...checked.sink, url, isOutdated }, problems: [], secrets }
  }
  const words = pluginWords(options, plain, secrets)
  const known = schemaKeys(found.plugin.options)
  const problems = checked.issues.flatMap((issue) => optionProblems(at, issue, plain, known, words))
  return { sink: undefined, problems, secrets }
}

/**
 * If the sink rejects text that was substituted for a `${…}`, the text is checked again as a number or
 * boolean.
 */
async function checkOptions({ plugin }: FoundSink, options: unknown, at: Path, plain: PlainValue) {
  const checked = await checkSinkOptions(plugin, options)
  if (checked.kind === 'sink') return checked
  const meant = withMeantValues(options, at, checked.issues.map(issuePath), plain)
  return meant === options ? checked : checkSinkOptions(plugin, meant)
}

function sinkProblem(
  { code, expected, reason }: SinkProblem,
  use: string,
  path: Path,
  plain: PlainValue,
  secrets: readonly Secret[],
): Problem {
  const at = [...path, 'use']
  const isNamed = code !== 'sink-not-found' || shownValue(use) !== undefined
  const why = isNamed ? pluginWords(use, plain, secrets)(reason) : 'no such sink can be found'
  return {
    path: at,
    part: 'value',
    message: `expected ${expected}, found ${foundAt(at, plain)}: ${why}`,
    code,
  }
}

function optionProblems(
  at: Path,
  issue: OptionIssue,
  plain: PlainValue,
  known: readonly string[],
  words: Words,
): readonly Problem[] {
  const path = [...at, ...issuePath(issue)]
  const code = 'sink-bad-options'
  const keys = unknownKeys(issue)
  if (keys.length > 0) {
    return keys.map((key) => ({
      ...unknownKey(path, key, path.length === at.length ? known : []),
      code,
    }))
  }
  const message = `${words(String(issue.message))}, found ${foundAt(path, plain)}`
  // The plugin's schema named these keys, so they may be shown.
  return [{ path, part: 'value', message, code, subject: words(pathText(path, isKeyOfSchema)) }]
}

function isKeyOfSchema(key: string): boolean {
  return /^[\w$.-]{1,60}$/.test(key)
}

/**
 * Redacts secrets in a plugin's messages. Any option value and any value substituted for `${…}` may be a
 * secret, because a typo in the file can put a secret anywhere.
 */
function pluginWords(options: unknown, plain: PlainValue, secrets: readonly Secret[]): Words {
  const unshown = textsIn(options).filter((text) => shownValue(text) === undefined)
  const substituted = plain.substituted.map(({ value }) => value)
  return createWords([...unshown, ...substituted, ...secrets.map((secret) => secret.reveal())])
}

function textsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value]
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, inner]) => [
    ...(mayShowKey(key) ? [] : [key]),
    ...textsIn(inner),
  ])
}
