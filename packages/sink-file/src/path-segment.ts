import { createHash } from 'node:crypto'

/** File systems limit a name to 255 bytes. */
const maxCharacters = 200

/**
 * Returns a name as one path segment. Characters other than letters, digits, `.`, `_` and `-`, and a leading
 * dot, become their bytes in hexadecimal, such as `%2F`. A long name is truncated and ends with `~` and a
 * digest. Different names result in different segments.
 */
export function pathSegment(name: string): string {
  const segment = name.replace(/[^A-Za-z0-9._-]|^\./gu, percent)
  if (segment.length > 0 && segment.length <= maxCharacters) return segment
  const digest = createHash('sha256').update(name).digest('hex').slice(0, 32)
  return `${segment.slice(0, maxCharacters - 33)}~${digest}`
}

function percent(character: string): string {
  return Array.from(
    Buffer.from(character),
    (byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`,
  ).join('')
}
