import { writeFileSync } from 'node:fs'
import { catalogue } from '@cdrstream/catalogue'
import { renderFieldMembers } from './render-field-members.ts'

writeFileSync(
  new URL('../src/document/generated/field-members.ts', import.meta.url),
  renderFieldMembers(catalogue),
)
