import type { Finding } from '@cdrstream/plugin'

/** Returns the `check` finding for a fault or a `failed` outcome. */
export function findingOf(
  { code, remedy }: { readonly code: string; readonly remedy: string },
  level: Finding['level'] = 'error',
): Finding {
  return { level, code, message: remedy }
}
