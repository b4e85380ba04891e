import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { renderFieldWriter } from '../../scripts/render-field-writer.ts'
import { fieldColumns } from './columns.ts'

test('the generated field writer is up to date with the catalogue', () => {
  expect(readFileSync(new URL('./generated/write-fields.ts', import.meta.url), 'utf8')).toBe(
    renderFieldWriter(fieldColumns),
  )
})
