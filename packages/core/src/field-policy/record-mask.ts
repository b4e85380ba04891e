import { type ColumnName, catalogue } from '@cdrstream/catalogue'
import { objectMembers } from '@cdrstream/plugin'
import { changeValue } from './change-value.ts'
import { editText, type TextEdit } from './edit-text.ts'
import type { FieldPolicy } from './field-policy.ts'
import { type FieldRule, fieldRules, namesByFold } from './field-rules.ts'
import { foldName } from './fold-name.ts'
import { mayHoldValue } from './may-hold-value.ts'

/** Hides the parts of a record that a sink must not see. */
export interface RecordMask {
  /** The hidden columns. A record that has no values in them, and no `extra`, keeps all its fields. */
  readonly columns: readonly ColumnName[]
  /**
   * Returns the JSON text of a record without the hidden parts; the rest keeps its exact text. Typed fields
   * and everything else that a sink receives must be computed from the result. Throws a SyntaxError if the
   * text is not a JSON object.
   */
  apply(text: string): string
}

/** Up to this many fields, searching the text is faster than parsing the record. */
const fewFields = 2

/** Returns the mask for a policy. Without a policy, everything except secrets is kept. */
export function createRecordMask(policy: FieldPolicy = {}): RecordMask {
  const rules = fieldRules(policy)
  const dropsUnknown = policy.unknown === 'drop'
  const few = !dropsUnknown && rules.size <= fewFields
  const mayChange = few ? mayHoldValue(foldsOf(rules)) : () => true
  return {
    columns: catalogue.filter(({ name }) => rules.has(name)).map(({ column }) => column),
    apply: (text) => (mayChange(text) ? editText(text, maskEdits(text, rules, dropsUnknown)) : text),
  }
}

function maskEdits(
  text: string,
  rules: ReadonlyMap<string, readonly FieldRule[]>,
  dropsUnknown: boolean,
): readonly TextEdit[] {
  const edits: TextEdit[] = []
  const members = objectMembers(text)
  let keptTo: number | undefined
  for (const [index, { name, fromAt, valueAt, toAt }] of members.entries()) {
    const known = knownName(name)
    if (known === undefined && dropsUnknown) {
      // Removes the comma before the member too, or the comma after it if no member remains before it.
      const nextAt = members[index + 1]?.fromAt ?? toAt
      edits.push({ fromAt: keptTo ?? fromAt, toAt: keptTo === undefined ? nextAt : toAt, text: '' })
      if (keptTo !== undefined) keptTo = toAt
      continue
    }
    keptTo = toAt
    const applied = known === undefined ? undefined : rules.get(known)
    if (applied === undefined) continue
    const json = text.slice(valueAt, toAt)
    const changed = applied.reduce(changeValue, json)
    if (changed !== json) edits.push({ fromAt: valueAt, toAt, text: changed })
  }
  return edits
}

const exactNames: ReadonlySet<string> = new Set(catalogue.map(({ name }) => name))

function knownName(name: string): string | undefined {
  return exactNames.has(name) ? name : namesByFold.get(foldName(name))
}

function foldsOf(rules: ReadonlyMap<string, unknown>): readonly string[] {
  return [...namesByFold].flatMap(([fold, name]) => (rules.has(name) ? [fold] : []))
}
