import { createWords, type FieldPolicy, type Words } from '@cdrstream/core'
import {
  type CheckedSink,
  checkSinkOptions,
  issuePath,
  type OptionIssue,
  unknownKeys,
} from '../sinks/check-sink-options.ts'
import { type BuiltInSinks, findSink } from '../sinks/find-sink.ts'
import { readFieldPolicy } from './field-policy/read-field-policy.ts'
import { isPathText } from './leaf.ts'
import { mayShowKey, shownValue } from './may-be-shown.ts'
import { optionSecrets } from './option-secrets.ts'
import { type Path, pathText } from './place.ts'
import type { PlainValue } from './plain-value.ts'
import type { Problem } from './problem.ts'
import { schemaKeys } from './schema-keys.ts'
import type { Secret } from './secret.ts'
import { foundAt } from './shape-problems.ts'
import { unknownKey } from './unknown-key.ts'
import { listAt, valueAt } from './value-at.ts'

export interface CheckedSinks {
  readonly problems: readonly Problem[]
  /** By index in `sinks`; only those that are right. */
  readonly sinks: ReadonlyMap<number, CheckedSink>
  /** What each gets of personal data, by index in `sinks`. */
  readonly policies: ReadonlyMap<number, FieldPolicy>
  /** What in the options of all of them, and in their `fields`, must not be printed. */
  readonly secrets: readonly Secret[]
}

/** Finds and loads the plugin of each sink, and lets it check its options. */
export async function checkSinks(
  plain: PlainValue,
  builtIn: BuiltInSinks,
  baseDirectory: string,
): Promise<CheckedSinks> {
  const problems: Problem[] = []
  const sinks = new Map<number, CheckedSink>()
  const policies = new Map<number, FieldPolicy>()
  const secrets: Secret[] = []
  for (const index of listAt(plain.value, ['sinks']).keys()) {
    const path = ['sinks', index]
    const fields = readFieldPolicy(plain, [...path, 'fields'])
    problems.push(...fields.problems)
    policies.set(index, fields.policy)
    secrets.push(...fields.secrets)
    const use = valueAt(plain.value, [...path, 'use'])
    // Anything else is a problem that was told already.
    if (!isPathText(use)) continue
    const options = valueAt(plain.value, [...path, 'options']) ?? {}
    const hidden = optionSecrets(options, plain.substituted)
    secrets.push(...hidden)
    const found = await findSink(use, baseDirectory, builtIn)
    if (found.kind === 'problem') {
      const at = [...path, 'use']
      const { code, expected } = found
      const isNamed = code !== 'sink-not-found' || shownValue(use) !== undefined
      const words = pluginWords(use, plain, hidden)
      const reason = isNamed ? words(found.reason) : 'no such sink can be found'
      const message = `expected ${expected}, found ${foundAt(at, plain)}: ${reason}`
      problems.push({ path: at, part: 'value', message, code })
      continue
    }
    const checked = await checkSinkOptions(found.plugin, options)
    if (checked.kind === 'sink') sinks.set(index, { ...checked.sink, url: found.url })
    else {
      const at = [...path, 'options']
      const words = pluginWords(options, plain, hidden)
      const known = schemaKeys(found.plugin.options)
      problems.push(...checked.issues.flatMap((issue) => optionProblems(at, issue, plain, known, words)))
    }
  }
  return { problems, sinks, policies, secrets }
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
  // The schema of the plugin knows these keys: it has named them.
  return [{ path, part: 'value', message, code, subject: words(pathText(path, isKeyOfSchema)) }]
}

function isKeyOfSchema(key: string): boolean {
  return /^[\w$.-]{1,60}$/.test(key)
}

/**
 * The words are the plugin's. Whatever stands in its options may be a secret, and what was put in for a
 * `${…}`; a slip in the file may have put it anywhere.
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
