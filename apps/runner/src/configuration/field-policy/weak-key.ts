/** Every shorter key can be tried. Whoever knows the key can try all the numbers of a country. */
export const shortestKey = 16

/**
 * A generated key has more: of 16 random digits, only one in several thousand has no more than four different
 * ones.
 */
const fewestCharacters = 5
const mostJumps = 2

/**
 * Whether a key is easy to guess, however long it is: few characters, a piece that is repeated, or a run such
 * as `12345…`.
 */
export function isWeakKey(key: string): boolean {
  return new Set(key).size < fewestCharacters || isRepeated(key) || isRun(key)
}

/** Whether the key begins with a piece that makes up all of it, at least twice. */
function isRepeated(key: string): boolean {
  for (let length = 1; length <= key.length / 2; length += 1) {
    if (key.startsWith(key.slice(length))) return true
  }
  return false
}

/**
 * Whether nearly every character follows its neighbour in the alphabet or in counting, up or down, or repeats
 * it.
 */
function isRun(key: string): boolean {
  let jumps = 0
  for (let at = 1; at < key.length; at += 1) {
    const step = Math.abs(key.charCodeAt(at) - key.charCodeAt(at - 1))
    // From 9 to 0 as well.
    if (step > 1 && step !== 9) jumps += 1
  }
  return jumps <= mostJumps
}
