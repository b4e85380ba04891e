import { objectMembers } from '@cdrstream/plugin'

/** The key that a line contains in addition to its record's keys. */
export const markName = '@cdrstream'

const markLike = /^@+cdrstream$/
const plainMark = `${markName}"`

/**
 * Returns the record's text with another `@` before each key that consists of one or more `@` and
 * `cdrstream`, so that no record can forge its line's mark. Removing one `@` again restores the text.
 */
export function escapeMark(text: string): string {
  // Keys may contain escapes.
  if (!text.includes(plainMark) && !text.includes('\\u')) return text
  let escaped = ''
  let copiedTo = 0
  for (const { name, fromAt } of objectMembers(text)) {
    if (!markLike.test(name)) continue
    escaped += `${text.slice(copiedTo, fromAt)}"@`
    copiedTo = fromAt + 1
  }
  return escaped + text.slice(copiedTo)
}
