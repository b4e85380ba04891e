import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { cruise, type ICruiseOptions, type ICruiseResult } from 'dependency-cruiser'
import { afterAll, beforeAll, expect, test } from 'vitest'

const { default: rules } = await import(new URL('../../../.dependency-cruiser.mjs', import.meta.url).href)

const packages = {
  'packages/catalogue': '@cdrstream/catalogue',
  'packages/plugin': '@cdrstream/plugin',
  'packages/core': '@cdrstream/core',
  'packages/engine': '@cdrstream/engine',
  'packages/source-a': '@cdrstream/source-a',
  'packages/source-b': '@cdrstream/source-b',
  'packages/journal-a': '@cdrstream/journal-a',
  'packages/sink-a': '@cdrstream/sink-a',
  'packages/sink-b': '@cdrstream/sink-b',
  'packages/sink-kit': '@cdrstream/sink-kit',
  'packages/testkit': '@cdrstream/testkit',
  'packages/simulator': '@cdrstream/simulator',
  'apps/runner': 'cdrstream',
  'tooling/virtual-time': '@cdrstream-internal/virtual-time',
} as const

let root: string

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'cdrstream-rules-'))
  for (const [at, name] of Object.entries(packages)) {
    await plant(`${at}/package.json`, JSON.stringify({ name, type: 'module', exports: './src/index.ts' }))
    await plant(`${at}/src/index.ts`, 'export const name = 1\n')
    await plant(`${at}/src/inner.ts`, 'export const inner = 1\n')
    await plant(`${at}/test/support/world.ts`, 'export const world = 1\n')
    const link = join(root, 'node_modules', name)
    await mkdir(dirname(link), { recursive: true })
    await symlink(join(root, at), link)
  }
  for (const name of ['@standard-schema/spec', 'left-pad']) {
    await plant(`node_modules/${name}/package.json`, JSON.stringify({ name, main: 'index.js' }))
    await plant(`node_modules/${name}/index.js`, 'export const library = 1\n')
  }
})

afterAll(() => rm(root, { recursive: true, force: true }))

test.for([
  ['packages/catalogue/src/a.ts', '@cdrstream/plugin', 'catalogue-imports-nothing'],
  ['packages/plugin/src/a.ts', '@cdrstream/core', 'plugin-imports-catalogue'],
  ['packages/core/src/a.ts', '@cdrstream/engine', 'core-imports-plugin'],
  ['packages/engine/src/a.ts', '@cdrstream/source-a', 'engine-imports-core'],
  ['packages/engine/src/a.ts', '@cdrstream-internal/virtual-time', 'engine-imports-core'],
  ['packages/source-a/src/a.ts', '@cdrstream/source-b', 'a-source-imports-the-ports'],
  ['packages/journal-a/src/a.ts', '@cdrstream/sink-a', 'a-journal-imports-the-ports'],
  ['packages/sink-a/src/a.ts', '@cdrstream/core', 'a-sink-imports-plugin'],
  ['packages/sink-a/src/a.ts', '@cdrstream/sink-b', 'a-sink-imports-plugin'],
  ['packages/sink-kit/src/a.ts', '@cdrstream/sink-a', 'a-sink-imports-plugin'],
  ['packages/testkit/src/a.ts', '@cdrstream/engine', 'testkit-imports-plugin-and-core'],
  ['packages/simulator/src/a.ts', '@cdrstream/plugin', 'simulator-imports-catalogue'],
  ['apps/runner/src/a.ts', '@cdrstream-internal/virtual-time', 'an-app-imports-packages'],
  ['apps/runner/src/a.ts', '../../../packages/core/src/inner.ts', 'only-the-index-of-another-package'],
  ['packages/engine/src/a.test.ts', '../../core/src/inner.ts', 'only-the-index-of-another-package'],
  ['packages/engine/src/a.ts', '../test/support/world.ts', 'no-tests-outside-of-tests'],
  ['packages/engine/test/a.ts', '../../core/src/inner.ts', 'only-the-index-of-another-package'],
  ['packages/core/src/a.ts', 'node:fs', 'pure-without-node'],
  ['packages/core/src/a.ts', 'left-pad', 'pure-without-libraries'],
  ['packages/plugin/src/a.ts', 'left-pad', 'plugin-without-libraries'],
  ['packages/plugin/src/a.ts', '@standard-schema/spec', 'plugin-imports-only-types-of-standard-schema'],
  ['packages/engine/src/a.ts', 'left-pad', 'no-unpublished-dependencies'],
  ['packages/engine/src/a.ts', './missing.ts', 'no-unresolved'],
  ['packages/engine/src/inner.ts', './inner.ts', 'no-cycles'],
] as const)('%s must not import %s', async ([file, imported, rule]) => {
  expect(await violations(file, `import * as it from '${imported}'\nexport const a = it\n`)).toContain(rule)
})

test.for([
  ['packages/plugin/src/a.ts', "import type { library } from '@standard-schema/spec'"],
  ['packages/core/src/a.ts', "import { name } from '@cdrstream/plugin'"],
  ['packages/core/src/a.test.ts', "import { readFileSync } from 'node:fs'"],
  ['packages/core/test/support/a.ts', "import { readFileSync } from 'node:fs'"],
  ['packages/engine/src/a.test.ts', "import { world } from '../test/support/world.ts'"],
  ['packages/engine/src/a.test.ts', "import { name } from '@cdrstream-internal/virtual-time'"],
  ['packages/engine/test/a.e2e.test.ts', "import { name } from '@cdrstream-internal/virtual-time'"],
  ['packages/source-a/src/a.ts', "import { name } from '@cdrstream/engine'"],
  ['packages/sink-a/src/a.ts', "import { name } from '@cdrstream/plugin'"],
  ['packages/sink-a/src/a.ts', "import { name } from '@cdrstream/sink-kit'"],
  ['apps/runner/src/a.ts', "import { name } from '@cdrstream/source-a'"],
] as const)('%s may contain: %s', async ([file, line]) => {
  expect(await violations(file, `${line}\n`)).toEqual([])
})

/** Returns the names of the rules that this file breaks. */
async function violations(file: string, text: string): Promise<readonly string[]> {
  await plant(file, text)
  try {
    const { options, ...ruleSet } = rules
    const given: ICruiseOptions = { ...options, ruleSet, validate: true, baseDir: root }
    const { output } = await cruise([file], given, { conditionNames: ['import'], exportsFields: ['exports'] })
    return (output as ICruiseResult).summary.violations.map(({ rule }) => rule.name)
  } finally {
    if (file.endsWith('inner.ts')) await plant(file, 'export const inner = 1\n')
    else await rm(join(root, file))
  }
}

async function plant(file: string, text: string): Promise<void> {
  const at = join(root, file)
  await mkdir(dirname(at), { recursive: true })
  await writeFile(at, text)
}
