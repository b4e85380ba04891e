import { createHash, timingSafeEqual } from 'node:crypto'
import type { Secret } from '../configuration/secret.ts'

/** Returns whether a request with this Authorization header has full access. */
export type TokenCheck = (authorization: string | undefined) => boolean

/** Without a configured token, grants every request full access. The comparison takes constant time. */
export function tokenCheck(token: Secret | undefined): TokenCheck {
  if (token === undefined) return () => true
  const expected = digest(token.reveal())
  return (authorization = '') => {
    const [, given = ''] = /^bearer +([\x21-\x7e]+) *$/i.exec(authorization) ?? []
    return timingSafeEqual(digest(given), expected)
  }
}

/** Digests have equal lengths, which the comparison requires. */
function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
