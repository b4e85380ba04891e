import { globSync, readFileSync } from 'node:fs'
import { join, posix, sep } from 'node:path'
import { expect, it } from 'vitest'
import { linkTargets } from './markdown-links.ts'
import { root } from './repository.ts'

it.each([
  ['docs/README.md', ['docs/*.md', 'docs/{api,recipes}/*.md']],
  ['docs/decisions/README.md', ['docs/decisions/*.md']],
])('%s links to every page that it indexes', (index, pages) => {
  const linked = new Set(
    linkTargets(readFileSync(join(root, index), 'utf8')).map((target) =>
      posix.join(posix.dirname(index), target.replace(/#.*/, '')),
    ),
  )
  const missing = globSync(pages, { cwd: root })
    .map((page) => page.split(sep).join('/'))
    .filter((page) => page !== index && !linked.has(page))
  expect(missing).toEqual([])
})
