import type { Finding } from '@cdrstream/plugin'

/** Returns the finding of `check` for a fault or an outcome `failed`. */
export function findingOf(
  { code, remedy }: { readonly code: string; readonly remedy: string },
  level: Finding['level'] = 'error',
): Finding {
  return { level, code, message: remedy }
}
