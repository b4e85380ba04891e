import { type CatalogueField, type ColumnName, catalogue, type PersonalDataClass } from '@cdrstream/catalogue'
import type { FieldAction, FieldPolicy } from './field-policy.ts'
import { foldName } from './fold-name.ts'

/** What to do with the value of a field, or with a part of it. */
export interface FieldRule {
  readonly action: HidingAction
  readonly part: ValuePart
}

type HidingAction = Exclude<FieldAction, { readonly kind: 'keep' }>

type ValuePart =
  /** All of it, except texts that say "no value", which are compared exactly. */
  | { readonly kind: 'whole'; readonly nullMarkers: readonly string[] }
  /** What follows one of these words, in any letter case. */
  | { readonly kind: 'behind'; readonly words: readonly string[] }
  /** The telephone numbers in it. */
  | { readonly kind: 'numbers' }

/**
 * Returns the rules of a policy in the order to apply them, by the name of the field in the API; fields that
 * are kept have none.
 */
export function fieldRules(policy: FieldPolicy): ReadonlyMap<string, readonly FieldRule[]> {
  return new Map(
    catalogue.flatMap((field) => {
      const rules = rulesOf(field, policy)
      return rules.length === 0 ? [] : [[field.name, rules] as const]
    }),
  )
}

/** All fields that are known, by what their spellings have in common. */
export const namesByFold: ReadonlyMap<string, string> = new Map(
  catalogue.flatMap(({ name, column, aliases }) =>
    [name, column, ...aliases].map((spelling) => [foldName(spelling), name] as const),
  ),
)

/** Display names that are the number of a party without a name. */
const namesWithNumbers: ReadonlySet<ColumnName> = new Set(['calling_line_id', 'called_line_id'])

function rulesOf(field: CatalogueField, policy: FieldPolicy): readonly FieldRule[] {
  const { column, personal, nullMarkers } = field
  const whole = { kind: 'whole', nullMarkers } as const
  const own = policy.fields?.[column]
  if (own !== undefined) return rulesFor(own, whole)
  const numbers = classAction('number', policy)
  const words = wordsBeforeDigits(field)
  if (personal === 'none' && words.length > 0) return rulesFor(numbers, { kind: 'behind', words })
  const action = classAction(personal, policy)
  const showsNumbers = action.kind === 'keep' || action.kind === 'mask'
  return [
    ...(namesWithNumbers.has(column) && showsNumbers ? rulesFor(numbers, { kind: 'numbers' }) : []),
    ...rulesFor(action, whole),
  ]
}

function rulesFor(action: FieldAction, part: ValuePart): readonly FieldRule[] {
  return action.kind === 'keep' ? [] : [{ action, part }]
}

function classAction(personal: PersonalDataClass, { classes }: FieldPolicy): FieldAction {
  if (personal === 'none') return { kind: 'keep' }
  return classes?.[personal] ?? { kind: personal === 'secret' ? 'drop' : 'keep' }
}

/**
 * `ExplicitId<digits>` holds the number of a mailbox, in the middle of an enumeration (API facts, section
 * 10).
 */
function wordsBeforeDigits({ values }: CatalogueField): readonly string[] {
  const mark = '<digits>'
  return values.filter((value) => value.endsWith(mark)).map((value) => value.slice(0, -mark.length))
}
