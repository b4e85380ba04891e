import { readFileSync } from 'node:fs'
import { catalogue } from '@cdrstream/catalogue'
import { expect, test } from 'vitest'
import { renderFieldMembers } from '../../scripts/render-field-members.ts'

test('the generated field members are up to date with the catalogue', () => {
  expect(readFileSync(new URL('./generated/field-members.ts', import.meta.url), 'utf8')).toBe(
    renderFieldMembers(catalogue),
  )
})
