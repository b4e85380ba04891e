import type { FieldPolicy } from '@cdrstream/core'
import {
  type CheckedSink,
  checkSinkOptions,
  issuePath,
  type OptionIssue,
  unknownKeys,
} from '../sinks/check-sink-options.ts'
import { type BuiltInSinks, findSink } from '../sinks/find-sink.ts'
import { readFieldPolicy } from './field-policy/read-field-policy.ts'
import { optionSecrets } from './option-secrets.ts'
import type { Path } from './place.ts'
import type { PlainValue } from './plain-value.ts'
import type { Problem } from './problem.ts'
import { concealSecrets, type Secret } from './secret.ts'
import { foundAt } from './shape-problems.ts'
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
    if (typeof use !== 'string' || use.trim() === '') continue
    const options = valueAt(plain.value, [...path, 'options']) ?? {}
    const hidden = optionSecrets(options, plain.substituted)
    secrets.push(...hidden)
    const found = await findSink(use, baseDirectory, builtIn)
    if (found.kind === 'problem') {
      const at = [...path, 'use']
      const { code, expected } = found
      const reason = concealed(found.reason, plain, hidden)
      const message = `expected ${expected}, found ${foundAt(at, plain)}: ${reason}`
      problems.push({ path: at, part: 'value', message, code })
      continue
    }
    const checked = await checkSinkOptions(found.plugin, options)
    if (checked.kind === 'sink') sinks.set(index, checked.sink)
    else {
      const at = [...path, 'options']
      problems.push(...checked.issues.flatMap((issue) => optionProblems(at, issue, plain, hidden)))
    }
  }
  return { problems, sinks, policies, secrets }
}

function optionProblems(
  at: Path,
  issue: OptionIssue,
  plain: PlainValue,
  secrets: readonly Secret[],
): readonly Problem[] {
  const path = [...at, ...issuePath(issue)]
  const code = 'sink-bad-options'
  const keys = unknownKeys(issue)
  if (keys.length > 0) {
    return keys.map((key) => ({ path: [...path, key], part: 'key', message: 'unknown key', code }))
  }
  const message = `${concealed(issue.message, plain, secrets)}, found ${foundAt(path, plain)}`
  return [{ path, part: 'value', message, code }]
}

/** The words are the plugin's, and may hold what was put in for a `${…}`, and other secrets. */
function concealed(words: string, plain: PlainValue, secrets: readonly Secret[]): string {
  const text = plain.substituted.reduce((all, { value, written }) => all.replaceAll(value, written), words)
  return concealSecrets(text, secrets)
}
