import { hash } from 'node:crypto'
import type { Revision } from '@cdrstream/core'
import { dayNumber, dayText } from './utc-day.ts'

/**
 * An id identifies a key of an org: the number of the org (4 bytes) and 16 bytes made from the key. Entries
 * are ordered by id.
 */
export const idBytes = 20
/**
 * An entry consists of an id, the fingerprint, the rank, and the home as a day number. Numbers are
 * big-endian.
 */
export const entryBytes = 48

const keyAt = 4
const keyBytes = 16
const fingerprintAt = idBytes
const fingerprintBytes = 16
const rankAt = fingerprintAt + fingerprintBytes
const homeAt = rankAt + 8

/**
 * Writes the id of a key. A lower-case UUID is stored as is; any other key as a truncated SHA-256 digest, for
 * which no collision can be found in practice.
 */
export function writeId(bytes: Buffer, at: number, orgId: number, key: string): void {
  bytes.writeUInt32BE(orgId, at)
  if (key.length !== 36 || !writeDigits(bytes, at + keyAt, key, hyphensOfUuid))
    hash('sha256', key, 'buffer').copy(bytes, at + keyAt, 0, keyBytes)
}

/** Writes a revision after its id. Throws RangeError if the fingerprint, rank or home is malformed. */
export function writeRevision(bytes: Buffer, at: number, { fingerprint, rank, home }: Revision): void {
  const day = dayNumber(home)
  const hasDigits = fingerprint.length === 32 && writeDigits(bytes, at + fingerprintAt, fingerprint, [])
  if (!hasDigits || !Number.isSafeInteger(rank) || !Number.isInteger(day))
    throw new RangeError('a revision needs a fingerprint, a rank and a day')
  bytes.writeDoubleBE(rank, at + rankAt)
  bytes.writeInt32BE(day, at + homeAt)
}

const hyphensOfUuid: readonly number[] = [8, 13, 18, 23]
const hyphen = 0x2d

/** The value of each character as a lower-case hexadecimal digit, or 255 if it is not one. */
const digitValues = new Uint8Array(256).fill(255)
for (const [value, digit] of [...'0123456789abcdef'].entries()) digitValues[digit.charCodeAt(0)] = value

/**
 * Returns false if these positions of the text have anything other than digits and hyphens. A loop, because
 * regular expressions and slices are slower here.
 */
function writeDigits(bytes: Buffer, at: number, text: string, hyphens: readonly number[]): boolean {
  let to = at
  let high = -1
  let skipped = 0
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index)
    if (index === hyphens[skipped]) {
      if (code !== hyphen) return false
      skipped += 1
      continue
    }
    const value = digitValues[code] ?? 255
    if (value === 255) return false
    if (high < 0) high = value
    else {
      bytes[to] = 16 * high + value
      to += 1
      high = -1
    }
  }
  return true
}

export function fingerprintOf(bytes: Buffer, at: number): string {
  return bytes.toString('hex', at + fingerprintAt, at + rankAt)
}

export function readRevision(bytes: Buffer, at: number): Revision {
  return {
    fingerprint: fingerprintOf(bytes, at),
    rank: bytes.readDoubleBE(at + rankAt),
    home: dayText(bytes.readInt32BE(at + homeAt)),
  }
}

/**
 * Returns a negative number if the id at `atA` in `a` comes before the one at `atB` in `b`, 0 if they are
 * equal.
 */
export function compareIds(a: Buffer, atA: number, b: Buffer, atB: number): number {
  for (let at = 0; at < idBytes; at += 4) {
    const difference = a.readUInt32BE(atA + at) - b.readUInt32BE(atB + at)
    if (difference !== 0) return difference
  }
  return 0
}

/** Returns a copy of the entries, sorted by id. */
export function sortEntries(entries: Buffer): Buffer {
  const places = Array.from({ length: entries.length / entryBytes }, (_, index) => index)
  // Six bytes decide most comparisons.
  const beginnings = places.map((place) => entries.readUIntBE(place * entryBytes + keyAt - 2, 6))
  places.sort(
    (a, b) =>
      (beginnings[a] ?? 0) - (beginnings[b] ?? 0) ||
      compareIds(entries, a * entryBytes, entries, b * entryBytes),
  )
  const sorted = Buffer.allocUnsafeSlow(entries.length)
  for (const [to, from] of places.entries())
    entries.copy(sorted, to * entryBytes, from * entryBytes, (from + 1) * entryBytes)
  return sorted
}
