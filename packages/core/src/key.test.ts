import { hash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Digest, recordKey } from './key.ts'

const digest: Digest = (text) => hash('sha256', text)
const fingerprint = 'f'.repeat(32)
const keyOf = (reportId: string | null) => recordKey(reportId, fingerprint, digest)

const uuidText = '0f3c1a52-9d7e-3b64-8a11-5c2e9f0b7d48'

describe('a record key', () => {
  it('is the Report ID', () => {
    expect(keyOf(uuidText)).toBe(uuidText)
    expect(keyOf('CDR/2026-09-24/17')).toBe('CDR/2026-09-24/17')
  })

  it('ignores the letter case of a UUID, but not of other identifiers', () => {
    expect(keyOf(uuidText.toUpperCase())).toBe(uuidText)
    expect(keyOf('aB')).not.toBe(keyOf('Ab'))
  })

  it('is made from the content if there is no Report ID', () => {
    expect(keyOf(null)).toBe(`content:${fingerprint}`)
    expect(recordKey(null, '0'.repeat(32), digest)).not.toBe(keyOf(null))
  })

  it.each([
    ['that is too long', 'x'.repeat(129)],
    ['with a control character', 'a\u0000b'],
    ['with a line break', 'a\nb'],
    ['that is not ASCII', 'Anrufübersicht'],
    ['that is a lone surrogate', '\ud800'],
    ['that looks like a key made from content', `content:${fingerprint}`],
    ['that is empty', ''],
  ])('replaces a Report ID %s with its hash', (_, reportId) => {
    expect(keyOf(reportId)).toMatch(/^report-id:[0-9a-f]{32}$/)
    expect(keyOf(reportId)).toBe(keyOf(reportId))
  })

  it('distinguishes lone surrogates, although they are all the same in UTF-8', () => {
    expect(keyOf('\ud800')).not.toBe(keyOf('\ud801'))
  })

  it('is short, printable and different for different Report IDs', () => {
    const reportId = fc.oneof(fc.string({ unit: 'binary', maxLength: 300 }), fc.string(), fc.uuid())
    fc.assert(
      fc.property(reportId, reportId, (a, b) => {
        expect(keyOf(a)).toMatch(/^[\x20-\x7e]{1,128}$/)
        expect(keyOf(a)).not.toBe(keyOf(null))
        if (a.toLowerCase() !== b.toLowerCase()) expect(keyOf(a)).not.toBe(keyOf(b))
      }),
      { numRuns: 1_000 },
    )
  })
})
