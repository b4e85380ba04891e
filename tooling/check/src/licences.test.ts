import { expect, test } from 'vitest'
import { unacceptedLicences } from './licences.ts'

const licensed = (license: string) => [{ name: 'it', license }]

test.for(['MIT', 'ISC', 'MIT OR Apache-2.0', '(GPL-3.0-only OR MIT)'])(
  '%s is accepted for dependencies that are redistributed',
  (license) => {
    expect(unacceptedLicences(licensed(license), 'redistributed')).toEqual([])
  },
)

test.for(['GPL-3.0-only', 'MPL-2.0', 'UNLICENSED', 'Unknown', 'MIT AND GPL-3.0-only', ''])(
  '%s must be reviewed by a person',
  (license) => {
    expect(unacceptedLicences(licensed(license), 'redistributed')).toEqual([`it: ${license}`])
  },
)

test('a tool may have a licence with further conditions', () => {
  expect(unacceptedLicences(licensed('MPL-2.0'), 'tool')).toEqual([])
  expect(unacceptedLicences(licensed('AGPL-3.0-only'), 'tool')).toEqual(['it: AGPL-3.0-only'])
})
