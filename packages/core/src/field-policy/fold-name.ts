import { foldValue } from '../words/folded-text.ts'

/** Several times as long as a name of the catalogue: the beginning of a longer one shows that it is none. */
const mostCharacters = 500

/**
 * Returns the letters and digits of a name, of any script: `Calling number`, `CALLING_NUMBER` and
 * `Calling%20number` have the same. Wider than what the normalizer accepts as a spelling: a number must stay
 * hidden even if Cisco changes how it writes the name of a field.
 */
export function foldName(name: string): string {
  return foldValue(name, mostCharacters).replaceAll(' ', '')
}
