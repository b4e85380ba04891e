/**
 * Shorter keys can be found by trying all of them. Anyone who knows the key can try all of a country's
 * numbers.
 */
export const shortestKey = 16

/**
 * A random key has at least this many different characters. Only one in several thousand keys of 16 random
 * digits has four or fewer.
 */
const fewestCharacters = 5
const mostJumps = 2

/**
 * Returns whether a key of any length is easy to guess: few different characters, a repeated part, or a run
 * such as `12345…`.
 */
export function isWeakKey(key: string): boolean {
  return new Set(key).size < fewestCharacters || isRepeated(key) || isRun(key)
}

/** Returns whether the key is one part repeated. */
function isRepeated(key: string): boolean {
  for (let length = 1; length <= key.length / 2; length += 1) {
    if (key.startsWith(key.slice(length))) return true
  }
  return false
}

/**
 * Returns whether nearly every character equals its neighbour or is next to it in the alphabet or in
 * counting.
 */
function isRun(key: string): boolean {
  let jumps = 0
  for (let at = 1; at < key.length; at += 1) {
    const step = Math.abs(key.charCodeAt(at) - key.charCodeAt(at - 1))
    // 0 follows 9.
    if (step > 1 && step !== 9) jumps += 1
  }
  return jumps <= mostJumps
}
