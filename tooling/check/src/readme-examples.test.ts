import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, it } from 'vitest'

const root = fileURLToPath(new URL('../../..', import.meta.url))

/** Each example as a file of its package, so that it finds what the package's users would have. */
const examples = readdirSync(join(root, 'packages')).flatMap((name) => {
  const readme = join(root, 'packages', name, 'README.md')
  const code = existsSync(readme)
    ? /^```ts\n([\s\S]*?)^```$/m.exec(readFileSync(readme, 'utf8'))?.[1]
    : undefined
  return [{ name, code, directory: join(root, 'packages', name, '.readme-example') }]
})
const config = join(root, 'tsconfig.readme-examples.json')

afterAll(() => {
  for (const { directory } of examples) rmSync(directory, { recursive: true, force: true })
  rmSync(config, { force: true })
})

it('the README of every package has an example', () => {
  expect(examples.filter(({ code }) => code === undefined).map(({ name }) => name)).toEqual([])
})

it('the examples are right by their types', () => {
  for (const { code = '', directory } of examples) {
    mkdirSync(directory, { recursive: true })
    writeFileSync(join(directory, 'example.ts'), `${code}\nexport {}\n`)
  }
  const include = examples.map(({ directory }) => `${directory}/example.ts`)
  const compilerOptions = { noUnusedLocals: false, noUnusedParameters: false }
  writeFileSync(config, JSON.stringify({ extends: './tsconfig.json', compilerOptions, include }))
  const check = () => execFileSync('tsc', ['-p', config], { cwd: root, encoding: 'utf8' })
  expect(check).not.toThrow()
})
