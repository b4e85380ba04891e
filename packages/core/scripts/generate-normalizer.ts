import { writeFileSync } from 'node:fs'
import { catalogue } from '@cdrstream/catalogue'
import { renderNormalizer } from './render-normalizer.ts'

for (const [file, text] of renderNormalizer(catalogue)) {
  writeFileSync(new URL(`../src/normalize/generated/${file}`, import.meta.url), text)
}
