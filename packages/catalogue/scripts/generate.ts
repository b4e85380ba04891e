import { readFileSync, writeFileSync } from 'node:fs'
import { type FieldSource, renderCatalogue } from './render-catalogue.ts'

const fields: readonly FieldSource[] = JSON.parse(
  readFileSync(new URL('../data/cdr-fields.json', import.meta.url), 'utf8'),
)
for (const [file, text] of renderCatalogue(fields)) {
  writeFileSync(new URL(`../src/generated/${file}`, import.meta.url), text)
}
