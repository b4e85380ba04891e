import { existsSync, globSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, posix, relative, sep } from 'node:path'
import { expect, test } from 'vitest'
import { anchors, linkTargets } from './markdown-links.ts'
import { publishedDirectories, repositoryUrl, root } from './repository.ts'

const documents = globSync(['*.md', '{.changeset,.github,apps,docs,examples,packages,tooling}/**/*.md'], {
  cwd: root,
  exclude: (path) => /(^|[\\/])(node_modules|dist)$/.test(path),
}).map((file) => file.split(sep).join('/'))
/** npm shows these files without the rest of the repository. */
const published = publishedDirectories().map((at) => `${relative(root, at).split(sep).join('/')}/README.md`)
/** Pages of a GitHub repository that are not files. */
const pages = /^(#readme|\/(issues|security|releases)(\/.*)?)?$/
const inRepository = new RegExp(`^${repositoryUrl}/(blob|tree)/main/([^#]+)(?:#(.+))?$`)

test('links in text are found, and links in code are not', () => {
  const text = [
    'See [a](a.md), [`b`](b.md#c "title") and `[c](c.md)`, ![d](d.svg) <img src="e.svg">',
    '[g]: g.md',
    '```',
    '[f](f.md)',
    '```',
  ].join('\n')
  expect(linkTargets(text)).toEqual(['a.md', 'b.md#c', 'd.svg', 'e.svg', 'g.md'])
})

test('headings get the same anchors as on GitHub', () => {
  const text = '# `run --once`, and then?\n## [Linked](a.md)\n## Twice\n## Twice\n```\n# code\n```\n'
  expect([...anchors(text)]).toEqual(['run---once-and-then', 'linked', 'twice', 'twice-1'])
})

test.for(documents)('the links in %s point to existing files and headings', (document) => {
  expect(linkTargets(read(document)).filter((target) => !leadsSomewhere(document, target))).toEqual([])
})

test.for(published)('the links in %s work on npm', (document) => {
  expect(linkTargets(read(document)).filter((target) => !/^(https:|#)/.test(target))).toEqual([])
})

/** Returns whether a target exists. URLs outside the repository are not checked. */
function leadsSomewhere(document: string, target: string): boolean {
  const [, kind, path, anchor] = inRepository.exec(target) ?? []
  if (path !== undefined) return exists(path, anchor) && kind === (isDirectory(path) ? 'tree' : 'blob')
  if (target.startsWith(repositoryUrl)) return pages.test(target.slice(repositoryUrl.length))
  if (/^[a-z]+:/.test(target)) return true
  const [file = '', fragment] = target.split('#')
  return exists(file === '' ? document : posix.join(dirname(document), file), fragment)
}

function exists(file: string, anchor: string | undefined): boolean {
  if (!existsSync(join(root, file))) return false
  if (anchor === undefined) return true
  const text = isDirectory(file) ? posix.join(file, 'README.md') : file
  return !text.endsWith('.md') || anchor === 'readme' || anchors(read(text)).has(anchor)
}

function isDirectory(file: string): boolean {
  return statSync(join(root, file), { throwIfNoEntry: false })?.isDirectory() ?? false
}

function read(file: string): string {
  return readFileSync(join(root, file), 'utf8')
}
