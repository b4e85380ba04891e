import { type CatalogueField, type ColumnName, catalogue, type PersonalDataClass } from '@cdrstream/catalogue'
import type { FieldAction, FieldPolicy } from './field-policy.ts'
import { foldName } from './fold-name.ts'

/** What to do with a field's value or part of it. */
export interface FieldRule {
  readonly action: HidingAction
  readonly part: ValuePart
}

type HidingAction = Exclude<FieldAction, { readonly kind: 'keep' }>

type ValuePart =
  /** The whole value, except texts that mean "no value", which are compared exactly. */
  | { readonly kind: 'whole'; readonly nullMarkers: readonly string[] }
  /** The part after one of these words, in any letter case. */
  | { readonly kind: 'behind'; readonly words: readonly string[] }
  /** The telephone numbers in the value. */
  | { readonly kind: 'numbers' }

/** Returns a policy's rules by the field's API name, in the order to apply them; kept fields have none. */
export function fieldRules(policy: FieldPolicy): ReadonlyMap<string, readonly FieldRule[]> {
  return new Map(
    catalogue.flatMap((field) => {
      const rules = rulesOf(field, policy)
      return rules.length === 0 ? [] : [[field.name, rules] as const]
    }),
  )
}

/** All known fields, by their folded spelling. */
export const namesByFold: ReadonlyMap<string, string> = new Map(
  catalogue.flatMap(({ name, column, aliases }) =>
    [name, column, ...aliases].map((spelling) => [foldName(spelling), name] as const),
  ),
)

/** Display names that contain the number if a party has no name. */
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
 * Returns the words before digits in an enumeration: `ExplicitId<digits>` contains a mailbox number (API
 * facts, section 10).
 */
function wordsBeforeDigits({ values }: CatalogueField): readonly string[] {
  const mark = '<digits>'
  return values.filter((value) => value.endsWith(mark)).map((value) => value.slice(0, -mark.length))
}
