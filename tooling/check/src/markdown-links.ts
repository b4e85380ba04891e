/** A link of a Markdown page that leads to a file of this repository, or to a heading. */
export interface MarkdownLink {
  readonly line: number
  /** As written, without a title. */
  readonly target: string
}

/** The repository's address. Published READMEs use it where a relative link would not work on npm. */
const repositoryAddress = /^https:\/\/github\.com\/cdrstream\/cdrstream\/(?:blob|tree)\/main\//

/**
 * Returns the links of a page, and the sources of its images, outside of code. Links to other sites are left
 * out.
 */
export function linksOf(markdown: string): readonly MarkdownLink[] {
  return withoutCode(markdown)
    .split('\n')
    .flatMap((text, index) =>
      Array.from(
        text.matchAll(
          /\]\(([^()\s]*(?:\([^()]*\)[^()\s]*)*)(?:\s+"[^"]*")?\)|\b(?:src|srcset|href)="([^"]+)"/g,
        ),
        ([, link, attribute]) => ({ line: index + 1, target: link ?? attribute ?? '' }),
      ),
    )
    .filter(({ target }) => repositoryAddress.test(target) || !/^[a-z]+:/i.test(target))
}

/** Returns the path within the repository that a link leads to, and the heading, if it names one. */
export function resolveLink(
  page: string,
  target: string,
): { readonly path: string; readonly heading: string | undefined } {
  const [path = '', heading] = target.replace(repositoryAddress, '/').split('#')
  const base = new URL(page, 'file:///')
  const resolved = path === '' ? base : new URL(path, base)
  return { path: decodeURIComponent(resolved.pathname).slice(1).replace(/\/$/, ''), heading }
}

/** Returns the anchors that GitHub gives to the headings of a page. */
export function anchorsOf(markdown: string): ReadonlySet<string> {
  const anchors = new Set<string>()
  for (const [, heading = ''] of withoutCode(markdown, 'blocks').matchAll(/^#{1,6} +(.+?) *#*$/gm)) {
    const anchor = heading
      .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\p{M}_ -]/gu, '')
      .replaceAll(' ', '-')
    let unique = anchor
    for (let count = 1; anchors.has(unique); count += 1) unique = `${anchor}-${count}`
    anchors.add(unique)
  }
  return anchors
}

/** Code is blanked out, so that the numbers of lines stay. */
function withoutCode(markdown: string, what: 'blocks' | 'all' = 'all'): string {
  const withoutBlocks = markdown.replaceAll(/^( *)(```+|~~~+)[^\n]*\n[\s\S]*?^\1\2 *$/gm, (block) =>
    block.replaceAll(/[^\n]/g, ''),
  )
  return what === 'blocks' ? withoutBlocks : withoutBlocks.replaceAll(/`[^`\n]+`/g, '')
}
