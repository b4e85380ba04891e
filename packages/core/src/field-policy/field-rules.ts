import { type CatalogueField, catalogue, type PersonalDataClass } from '@cdrstream/catalogue'
import type { FieldAction, FieldPolicy } from './field-policy.ts'
import { foldName } from './fold-name.ts'

/** What to do with the value of a field. */
export interface FieldRule {
  readonly action: Exclude<FieldAction, { readonly kind: 'keep' }>
  /** Texts that say "no value": compared exactly. */
  readonly nullMarkers: readonly string[]
  /** Only what follows one of these words is personal, in any letter case. Empty: the whole value. */
  readonly behind: readonly string[]
}

/** The rules of a policy, by the name of the field in the API; fields that are kept have none. */
export function fieldRules(policy: FieldPolicy): ReadonlyMap<string, FieldRule> {
  return new Map(
    catalogue.flatMap((field) => {
      const rule = fieldRule(field, policy)
      return rule === undefined ? [] : [[field.name, rule] as const]
    }),
  )
}

/** All fields that are known, by what their spellings have in common. */
export const namesByFold: ReadonlyMap<string, string> = new Map(
  catalogue.flatMap(({ name, column, aliases }) =>
    [name, column, ...aliases].map((spelling) => [foldName(spelling), name] as const),
  ),
)

function fieldRule(field: CatalogueField, policy: FieldPolicy): FieldRule | undefined {
  const { column, personal, nullMarkers } = field
  const behind = wordsBeforeDigits(field)
  const own = policy.fields?.[column]
  if (own !== undefined) return own.kind === 'keep' ? undefined : { action: own, nullMarkers, behind: [] }
  const action = classAction(personal === 'none' && behind.length > 0 ? 'number' : personal, policy)
  return action.kind === 'keep' ? undefined : { action, nullMarkers, behind }
}

function classAction(personal: PersonalDataClass, { classes }: FieldPolicy): FieldAction {
  if (personal === 'none') return { kind: 'keep' }
  return classes?.[personal] ?? { kind: personal === 'secret' ? 'drop' : 'keep' }
}

/** `ExplicitId<digits>` holds the number of a mailbox, in the middle of an enumeration (API facts, section 10). */
function wordsBeforeDigits({ values }: CatalogueField): readonly string[] {
  const mark = '<digits>'
  return values.filter((value) => value.endsWith(mark)).map((value) => value.slice(0, -mark.length))
}
