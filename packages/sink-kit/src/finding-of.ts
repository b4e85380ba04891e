import type { Finding } from '@cdrstream/plugin'

/** Returns what `check` reports of a fault, or of an outcome `failed`. */
export function findingOf(
  { code, remedy }: { readonly code: string; readonly remedy: string },
  level: Finding['level'] = 'error',
): Finding {
  return { level, code, message: remedy }
}
