import { readFileSync } from 'node:fs'
import { catalogue } from '@cdrstream/catalogue'
import { expect, test } from 'vitest'
import { renderNormalizer } from '../../scripts/render-normalizer.ts'

test.each([...renderNormalizer(catalogue)])(
  '%s matches what the generator renders from the catalogue',
  (file, text) => {
    expect(readFileSync(new URL(`./generated/${file}`, import.meta.url), 'utf8')).toBe(text)
  },
)
