import type { BuiltInSinks } from '../../sinks/find-sink.ts'
import { mayBeSecret } from '../describe-found.ts'
import type { Path } from '../place.ts'
import type { PlainValue } from '../plain-value.ts'
import type { Problem } from '../problem.ts'
import { listAt, valueAt } from '../value-at.ts'

/**
 * Returns the sink secrets, and the values substituted for a `${…}`, that contain a line break or an
 * invisible character. The character nearly always comes from the file that the secret was copied from, and
 * the server would only report a wrong secret.
 */
export function checkSecrets(plain: PlainValue, builtIn: BuiltInSinks): readonly Problem[] {
  return listAt(plain.value, ['sinks']).flatMap((_, index) => {
    const use = valueAt(plain.value, ['sinks', index, 'use'])
    // A custom sink can accept multi-line text, such as a key in PEM or JSON.
    const hasLines = typeof use !== 'string' || !builtIn.has(use)
    return textsIn(plain.value, ['sinks', index]).flatMap(({ path, text }) => {
      const isSubstituted = plain.writtenAt(path)?.includes('${') === true
      const found = mayBeSecret(path)
        ? strayCharacter(text, hasLines)
        : isSubstituted && text.includes(byteOrderMark)
          ? 'a byte order mark'
          : undefined
      if (found === undefined) return []
      return [{ path, part: 'value', message: `expected ${expected(hasLines)}, found ${found}` } as const]
    })
  })
}

const byteOrderMark = '\uFEFF'

function expected(hasLines: boolean): string {
  return hasLines
    ? 'text without invisible characters and without line breaks around it'
    : 'one line of text without invisible characters'
}

function strayCharacter(text: string, hasLines: boolean): string | undefined {
  if (text.includes(byteOrderMark)) return 'a byte order mark'
  const inner = hasLines ? withoutLines(text) : text
  if (/[\r\n\u0085\u2028\u2029]$/.test(inner)) return 'a line break at the end'
  if (/[\r\n\u0085\u2028\u2029]/.test(inner)) return 'a line break'
  return /[\p{Cc}\p{Cf}]/u.test(inner) ? 'an invisible character' : undefined
}

/** A key in PEM ends with a line break. */
function withoutLines(text: string): string {
  if (text.startsWith('-----BEGIN ')) return ''
  return text.replace(/(?<=[^\r\n])[\r\n\t]+(?=[^\r\n])/g, ' ')
}

interface PlacedText {
  readonly path: Path
  readonly text: string
}

function textsIn(whole: unknown, path: Path): readonly PlacedText[] {
  const value = valueAt(whole, path)
  if (typeof value === 'string') return [{ path, text: value }]
  if (Array.isArray(value)) return [...value.keys()].flatMap((index) => textsIn(whole, [...path, index]))
  if (typeof value !== 'object' || value === null) return []
  return Object.keys(value).flatMap((key) => textsIn(whole, [...path, key]))
}
