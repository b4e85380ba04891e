import { relative, sep } from 'node:path'
import { expect, test } from 'vitest'
import { manifestProblems } from './manifest-problems.ts'
import { publishedDirectories, readManifest, root } from './repository.ts'

const manifests = publishedDirectories().map((directory) => ({
  directory: relative(root, directory).split(sep).join('/'),
  manifest: readManifest(directory),
}))
const [first] = manifests

test.for(manifests)('$directory has complete metadata for npm', ({ directory, manifest }) => {
  expect(manifestProblems(manifest, directory)).toEqual([])
})

test.for([
  'license',
  'author',
  'homepage',
  'bugs',
  'repository',
  'engines',
  'publishConfig',
  'description',
  'keywords',
])('a package without "%s" must not be published', (key) => {
  expect(manifestProblems({ ...first?.manifest, [key]: undefined }, first?.directory ?? '')).toEqual([
    expect.stringContaining(`"${key}"`),
  ])
})

test('metadata copied from another package is detected', () => {
  const problems = manifestProblems({ ...first?.manifest }, 'packages/new')
  expect(problems).toHaveLength(2)
})
