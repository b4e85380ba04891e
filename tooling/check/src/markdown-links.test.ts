import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import { describe, expect, it } from 'vitest'
import { anchorsOf, linksOf, resolveLink } from './markdown-links.ts'
import { publishedDirectories, root } from './repository.ts'

const read = (path: string) => readFileSync(join(root, path), 'utf8')

const pages = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '*.md'], {
  cwd: root,
  encoding: 'utf8',
})
  .split('\n')
  .filter((page) => page !== '' && existsSync(join(root, page)))

/** npm shows these pages without the rest of the repository. */
const published = publishedDirectories().map(
  (directory) => `${relative(root, directory).split(sep).join('/')}/README.md`,
)

/** Each broken link of a page, with its line. */
function brokenLinks(page: string): readonly string[] {
  return linksOf(read(page)).flatMap(({ line, target }) => {
    const { path, heading } = resolveLink(page, target)
    if (!existsSync(join(root, path))) return [`${page}:${line} ${target}: no such file`]
    if (heading === undefined || !path.endsWith('.md') || anchorsOf(read(path)).has(heading)) return []
    return [`${page}:${line} ${target}: no such heading`]
  })
}

describe('links of Markdown pages', () => {
  it.each(pages)('of %s lead to a file and a heading that exist', (page) => {
    expect(brokenLinks(page)).toEqual([])
  })

  it.each(published)('of %s work on npm, where there are no other files', (page) => {
    const relatives = linksOf(read(page)).filter(({ target }) => !/^(https:|#)/.test(target))
    expect(relatives).toEqual([])
  })

  it.each([
    ['docs/README.md', /^docs\/([^/]+|(api|recipes)\/[^/]+)\.md$/],
    ['docs/decisions/README.md', /^docs\/decisions\/[^/]+\.md$/],
  ])('of %s lead to every other page of its index', (index, pattern) => {
    const linked = new Set(linksOf(read(index)).map(({ target }) => resolveLink(index, target).path))
    const others = pages.filter((page) => page !== index && pattern.test(page))
    expect(others.filter((page) => !linked.has(page))).toEqual([])
  })
})

describe('linksOf', () => {
  it('finds links and images, and leaves out other sites and code', () => {
    const page = [
      '[a](b.md "title") and ![c](d.svg), not [e](https://example.com/f.md)',
      '`[g](h.md)`',
      '```sh\n[i](j.md)\n```',
      '<img src="k.svg"> [l](m(n).md)',
      '[o](https://github.com/cdrstream/cdrstream/blob/main/p.md#q)',
    ].join('\n')

    expect(linksOf(page)).toEqual([
      { line: 1, target: 'b.md' },
      { line: 1, target: 'd.svg' },
      { line: 6, target: 'k.svg' },
      { line: 6, target: 'm(n).md' },
      { line: 7, target: 'https://github.com/cdrstream/cdrstream/blob/main/p.md#q' },
    ])
  })
})

describe('resolveLink', () => {
  it.each([
    ['docs/a.md', 'b.md#c', { path: 'docs/b.md', heading: 'c' }],
    ['docs/a.md', '../packages/core/', { path: 'packages/core', heading: undefined }],
    ['docs/a.md', '#c', { path: 'docs/a.md', heading: 'c' }],
    ['a.md', 'https://github.com/cdrstream/cdrstream/tree/main/apps', { path: 'apps', heading: undefined }],
  ])('from %s, %s', (page, target, expected) => {
    expect(resolveLink(page, target)).toEqual(expected)
  })
})

describe('anchorsOf', () => {
  it('gives headings the anchors that GitHub gives them', () => {
    const page = '# A `b`, "c" & d\n## 1. What? [x](y.md)\n## Same\n## Same\n```\n# not one\n```\n'
    expect([...anchorsOf(page)]).toEqual(['a-b-c--d', '1-what-x', 'same', 'same-1'])
  })
})
