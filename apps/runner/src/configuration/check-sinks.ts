import type { BuiltInSink, CheckedSink, OptionIssue } from './built-in-sink.ts'
import { nearestWord } from './nearest-word.ts'
import type { Path } from './place.ts'
import type { PlainValue } from './plain-value.ts'
import type { Problem } from './problem.ts'
import { foundAt } from './shape-problems.ts'
import { listAt, valueAt } from './value-at.ts'

export interface CheckedSinks {
  readonly problems: readonly Problem[]
  /** By index in `sinks`; only those that are right. */
  readonly sinks: ReadonlyMap<number, CheckedSink>
}

/** Finds the plugin of each sink, and lets it check its options. */
export async function checkSinks(
  plain: PlainValue,
  builtIn: ReadonlyMap<string, BuiltInSink>,
): Promise<CheckedSinks> {
  const problems: Problem[] = []
  const sinks = new Map<number, CheckedSink>()
  for (const index of listAt(plain.value, ['sinks']).keys()) {
    const path = ['sinks', index]
    const use = valueAt(plain.value, [...path, 'use'])
    if (typeof use !== 'string') continue
    const found = builtIn.get(use)
    if (found === undefined) {
      problems.push({ path: [...path, 'use'], part: 'value', message: notBuiltIn(use, path, plain, builtIn) })
      continue
    }
    const options = valueAt(plain.value, [...path, 'options']) ?? {}
    const checked = await found.check(options)
    if (checked.kind === 'sink') sinks.set(index, checked.sink)
    else {
      problems.push(...checked.issues.flatMap((issue) => optionProblems([...path, 'options'], issue, plain)))
    }
  }
  return { problems, sinks }
}

function notBuiltIn(
  use: string,
  path: Path,
  plain: PlainValue,
  builtIn: ReadonlyMap<string, BuiltInSink>,
): string {
  const known = [...builtIn.keys()]
  const near = nearestWord(use, known)
  const reason =
    near === undefined
      ? 'other sinks and sinks of your own come with a later version'
      : `did you mean ${near}?`
  return `expected ${known.join(' or ')}, found ${foundAt([...path, 'use'], plain)}: ${reason}`
}

function optionProblems(at: Path, issue: OptionIssue, plain: PlainValue): readonly Problem[] {
  const inner = (issue.path ?? []).map((step) => {
    const key = typeof step === 'object' ? step.key : step
    return typeof key === 'number' ? key : String(key)
  })
  const path = [...at, ...inner]
  // zod names unknown keys beside the path: point at each.
  if ('keys' in issue && Array.isArray(issue.keys)) {
    return issue.keys.map((key) => ({ path: [...path, String(key)], part: 'key', message: 'unknown key' }))
  }
  const message = concealed(issue.message, plain)
  return [{ path, part: 'value', message: `${message}, found ${foundAt(path, plain)}` }]
}

/** The words are the plugin's, and may hold what was put in for a `${…}`. */
function concealed(message: string, plain: PlainValue): string {
  return plain.substituted.reduce((text, { value, written }) => text.replaceAll(value, written), message)
}
