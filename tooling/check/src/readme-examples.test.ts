import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, it } from 'vitest'

const root = fileURLToPath(new URL('../../..', import.meta.url))

/**
 * The documents that contain an example, each with the package that it is for. The example may import that
 * package's dependencies.
 */
const documents = [
  ...readdirSync(join(root, 'packages')).map((name) => ({
    file: `packages/${name}/README.md`,
    at: `packages/${name}`,
  })),
  { file: 'apps/runner/README.md', at: 'apps/runner' },
  { file: 'docs/writing-a-sink.md', at: 'examples/custom-sink' },
]

const examples = documents.map(({ file, at }) => {
  const path = join(root, file)
  const code = existsSync(path) ? /^```ts\n([\s\S]*?)^```$/m.exec(readFileSync(path, 'utf8'))?.[1] : undefined
  return { file, code, directory: join(root, at, '.readme-example') }
})
const config = join(root, 'tsconfig.readme-examples.json')

afterAll(() => {
  for (const { directory } of examples) rmSync(directory, { recursive: true, force: true })
  rmSync(config, { force: true })
})

it('every document has an example', () => {
  expect(examples.filter(({ code }) => code === undefined).map(({ file }) => file)).toEqual([])
})

it('the examples pass the type check', () => {
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
