import { isNearKnown } from './known-words.ts'
import { isShort, mayShowKey } from './may-be-shown.ts'
import { missingSpace } from './missing-space.ts'
import { nearestWord } from './nearest-word.ts'
import { type Path, pathText } from './place.ts'
import type { Problem } from './problem.ts'

/**
 * Returns the problem for an unknown key. The key is shown only if it is close to a known key, because it can
 * be a value whose key is missing. `known` contains the expected keys that are known.
 */
export function unknownKey(path: Path, key: string, known: readonly string[]): Problem {
  const isShown = isShort(key) || isNearKnown(key) || nearestWord(key, known) !== undefined
  return {
    path: [...path, key],
    part: 'key',
    message: unknownKeyMessage(key, known),
    subject: isShown ? pathText([...path, key], (step) => step === key || mayShowKey(step)) : pathText(path),
  }
}

function unknownKeyMessage(key: string, known: readonly string[]): string {
  const near = nearestWord(key, known)
  const hint = near === undefined ? missingSpace(key) : `did you mean ${near}?`
  const expected = known.length === 0 ? undefined : `expected ${known.join(', ')}`
  return ['unknown key', [hint, expected].filter(Boolean).join(' ')].filter(Boolean).join(', ')
}
