import { createHash, timingSafeEqual } from 'node:crypto'
import type { Secret } from '../configuration/secret.ts'

/** Returns whether a request with this Authorization header may see everything. */
export type TokenCheck = (authorization: string | undefined) => boolean

/** Without a token, every request may. The time that the comparison takes says nothing about the token. */
export function tokenCheck(token: Secret | undefined): TokenCheck {
  if (token === undefined) return () => true
  const expected = digest(token.reveal())
  return (authorization = '') => {
    const [, given = ''] = /^bearer +([\x21-\x7e]+) *$/i.exec(authorization) ?? []
    return timingSafeEqual(digest(given), expected)
  }
}

/** Digests have the same length, which the comparison needs. */
function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
