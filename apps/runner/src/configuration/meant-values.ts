import type { Path } from './place.ts'
import type { PlainValue } from './plain-value.ts'
import { valueAt } from './value-at.ts'

/**
 * Returns the value with the numbers and booleans that `${…}` stands for. The substituted values are text.
 * Where a schema rejects the text, at `wrong`, it is read as a number or boolean. `path` is the value's path
 * in the configuration. The paths in `wrong` are relative to the value.
 */
export function withMeantValues(
  value: unknown,
  path: Path,
  wrong: readonly Path[],
  plain: PlainValue,
): unknown {
  return wrong.reduce<unknown>((changed, at) => {
    const meant = meantBy(valueAt(value, at), plain.writtenAt([...path, ...at]))
    return meant === undefined ? changed : replaced(changed, at, meant)
  }, value)
}

function meantBy(value: unknown, written: string | undefined): number | boolean | undefined {
  if (typeof value !== 'string' || written === undefined || !/^\$\{[^}]*\}$/.test(written)) return undefined
  if (value === 'true' || value === 'false') return value === 'true'
  return /^-?(0|[1-9]\d{0,14})(\.\d{1,15})?$/.test(value) ? Number(value) : undefined
}

function replaced(value: unknown, [step, ...rest]: Path, leaf: number | boolean): unknown {
  if (step === undefined) return leaf
  if (Array.isArray(value)) {
    return value.map((inner, index) => (index === Number(step) ? replaced(inner, rest, leaf) : inner))
  }
  return { ...(value as object), [step]: replaced(valueAt(value, [step]), rest, leaf) }
}
