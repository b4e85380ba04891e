import { foldValue } from '../words/folded-text.ts'

/**
 * Several times the length of any catalogue name: the beginning of a longer name shows that it is unknown.
 */
const maxCharacters = 500

/**
 * Returns the letters and digits of a name, in any script: `Calling number`, `CALLING_NUMBER` and
 * `Calling%20number` fold to the same text. This is wider than what the normalizer accepts as a spelling: a
 * number must stay hidden even if Cisco changes how it writes the name of a field.
 */
export function foldName(name: string): string {
  return foldValue(name, maxCharacters).replaceAll(' ', '')
}
