import { expect, test } from 'vitest'
import { checkSqliteVersion } from './check-sqlite-version.ts'

test.each(['0', '3', '3.46.1', '3.51.2', '2.99.99'])('SQLite %s is refused', (version) => {
  expect(() => checkSqliteVersion(version)).toThrow(expect.objectContaining({ code: 'old-sqlite' }))
})

test.each(['3.51.3', '3.51.10', '3.52.0', '4.0.0', process.versions.sqlite ?? ''])(
  'SQLite %s is accepted',
  (version) => {
    expect(() => checkSqliteVersion(version)).not.toThrow()
  },
)
