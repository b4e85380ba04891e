import { createHmac, createSecretKey } from 'node:crypto'
import type { Hmac } from '@cdrstream/core'

/**
 * HMAC-SHA-256 of a text in UTF-8: 64 hexadecimal digits, as `encode(hmac(value, key, 'sha256'), 'hex')` of
 * Postgres gives.
 */
export function keyedHmac(key: string): Hmac {
  const secret = createSecretKey(key, 'utf8')
  return (text) => createHmac('sha256', secret).update(text).digest('hex')
}
