/** Every shorter key can be tried. Whoever knows the key can try all the numbers of a country. */
export const shortestKey = 16

/** A random key has more: of keys with 16 random digits, only one in several thousand has four or fewer. */
const fewestCharacters = 5
const mostJumps = 2

/**
 * Returns whether a key of any length is easy to guess: few different characters, a repeated part, or a run
 * such as `12345…`.
 */
export function isWeakKey(key: string): boolean {
  return new Set(key).size < fewestCharacters || isRepeated(key) || isRun(key)
}

/** Returns whether the key is one part, repeated. */
function isRepeated(key: string): boolean {
  for (let length = 1; length <= key.length / 2; length += 1) {
    if (key.startsWith(key.slice(length))) return true
  }
  return false
}

/**
 * Returns whether nearly every character is next to its neighbour in the alphabet or in counting, or equal to
 * it.
 */
function isRun(key: string): boolean {
  let jumps = 0
  for (let at = 1; at < key.length; at += 1) {
    const step = Math.abs(key.charCodeAt(at) - key.charCodeAt(at - 1))
    // Between 9 and 0 as well.
    if (step > 1 && step !== 9) jumps += 1
  }
  return jumps <= mostJumps
}
