import { readFileSync } from 'node:fs'

/** The text under a heading on a page in docs/recipes. */
export interface Section {
  readonly title: string
  readonly text: string
}

export type Page = 'README.md' | 'postgres.md' | 'elasticsearch.md'

export function readPage(page: string): string {
  return readFileSync(new URL(`../../../../docs/recipes/${page}`, import.meta.url), 'utf8')
}

/** Returns the sections under second-level headings, in order. */
export function readSections(page: Page): readonly Section[] {
  const [, ...sections] = readPage(page).split(/^## /m)
  return sections.map((section) => {
    const end = section.indexOf('\n')
    return { title: section.slice(0, end), text: section.slice(end) }
  })
}

/** Returns the content of the first fenced block in this language. */
export function fencedBlock(text: string, language: 'sql' | 'console' | 'json'): string | undefined {
  return new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, 'm').exec(text)?.[1]
}
