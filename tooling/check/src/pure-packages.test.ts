import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

const packages = fileURLToPath(new URL('../../../packages', import.meta.url))

/** What would make a decision depend on when and where it is made. The imports are dependency-cruiser's to check. */
const impure =
  /\b(Date\.now|Math\.random|new Date\(\)|performance\b|process\.|setTimeout|setInterval|setImmediate|queueMicrotask|fetch\()/

function impurities(text: string): readonly string[] {
  const code = text.replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, '')
  return code.split('\n').filter((line) => impure.test(line))
}

it.each(['catalogue', 'plugin', 'core'])('%s knows no clock, no chance and no process', (name) => {
  const files = readdirSync(join(packages, name, 'src'), { recursive: true, encoding: 'utf8' })
  const sources = files.filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
  const found = sources.flatMap((file) =>
    impurities(readFileSync(join(packages, name, 'src', file), 'utf8')).map((line) => `${file}: ${line.trim()}`),
  )
  expect(sources.length).toBeGreaterThan(2)
  expect(found).toEqual([])
})

it('the check finds what it looks for', () => {
  const planted = ['const at = Date.now()', 'setTimeout(work, 5)', 'process.env.HOME']
  expect(planted.flatMap(impurities)).toEqual(planted)
  expect(impurities('// Date.now() would be wrong here')).toEqual([])
})
