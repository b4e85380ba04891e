import { writeFileSync } from 'node:fs'
import { fieldColumns } from '../src/rows/columns.ts'
import { renderFieldWriter } from './render-field-writer.ts'

writeFileSync(
  new URL('../src/rows/generated/write-fields.ts', import.meta.url),
  renderFieldWriter(fieldColumns),
)
