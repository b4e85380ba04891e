import { createHash } from 'node:crypto'

/** File systems allow 255 bytes a name. */
const mostCharacters = 200

/**
 * A name as one segment of a path. What is not a letter, a digit, `.`, `_` or `-` becomes its bytes in
 * hexadecimal, `%2F`; so does a dot in front. A long name is cut, with a digest behind `~`. Two names never
 * become the same segment.
 */
export function pathSegment(name: string): string {
  const segment = name.replace(/[^A-Za-z0-9._-]|^\./gu, percent)
  if (segment.length > 0 && segment.length <= mostCharacters) return segment
  const digest = createHash('sha256').update(name).digest('hex').slice(0, 32)
  return `${segment.slice(0, mostCharacters - 33)}~${digest}`
}

function percent(character: string): string {
  return Array.from(
    Buffer.from(character),
    (byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`,
  ).join('')
}
