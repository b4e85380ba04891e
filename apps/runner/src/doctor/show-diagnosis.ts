import { showCount } from '../status/show-amount.ts'
import type { Check } from './check.ts'
import type { Diagnosis } from './diagnosis.ts'

const columns = 100
const indent = 13

/**
 * Returns a diagnosis for a person: a line for each check, with the remedy below it. Checks that could not be
 * made for the same reason share a line.
 */
export function showDiagnosis({ checks, orgs }: Diagnosis): string {
  const groups: Check[][] = []
  for (const check of checks) {
    const last = groups.at(-1)
    if (last?.[0] !== undefined && isSameReason(last[0], check)) last.push(check)
    else groups.push([check])
  }
  const lines = groups.map((group, index) => showGroup(group, groups[index + 1]?.[0]))
  return `${lines.join('\n')}\n\n${summary(checks, orgs)}\n`
}

function isSameReason(one: Check, other: Check): boolean {
  return (
    one.level === 'not-checked' &&
    other.level === 'not-checked' &&
    one.name === other.name &&
    one.code === other.code &&
    one.message === other.message
  )
}

function showGroup(group: readonly Check[], following: Check | undefined): string {
  const [first] = group
  if (first === undefined) return ''
  const { check, name, level, code, message, remedy } = first
  const checks = group.map((each) => each.check).join(', ')
  const subject = name === null ? checks : check === 'sink' ? `sink ${name}` : `org ${name}: ${checks}`
  const lines = wrapped(`${level.padEnd(indent)}${subject} (${code}): ${message}`)
  // If several problems in a row have the same remedy, it is shown once.
  const isSaid = remedy !== null && remedy !== following?.remedy
  return [...lines, ...(isSaid ? wrapped(`${' '.repeat(indent)}→ ${remedy}`) : [])].join('\n')
}

/** Breaks a line between words, and aligns the following lines with the text. */
function wrapped(text: string): readonly string[] {
  const lines: string[] = []
  let rest = text
  while (rest.length > columns) {
    const at = rest.lastIndexOf(' ', columns)
    if (at <= indent) break
    lines.push(rest.slice(0, at))
    rest = `${' '.repeat(indent)}${rest.slice(at + 1)}`
  }
  return [...lines, rest]
}

function summary(checks: readonly Check[], { configured, chosen }: Diagnosis['orgs']): string {
  const count = (wanted: Check['level']) => checks.filter(({ level }) => level === wanted).length
  const problems = count('problem')
  const warnings = count('warning')
  const unchecked = count('not-checked')
  const calm = unchecked === 0 ? 'No problems' : 'No problems found'
  const found =
    problems + warnings === 0 ? calm : `${showCount(problems, 'problem')}, ${showCount(warnings, 'warning')}`
  const open = unchecked === 0 ? '' : `; ${showCount(unchecked, 'check')} could not be made`
  const some =
    chosen > 0 && chosen < configured
      ? ` ${chosen.toLocaleString('en')} of ${showCount(configured, 'org')} were checked; use --org NAME for another.`
      : ''
  return `${found}${open}.${some}`
}
