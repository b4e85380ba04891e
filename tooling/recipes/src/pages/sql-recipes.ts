import { fencedBlock, type Page, readSections } from './read-sections.ts'

export interface SqlRecipe {
  readonly title: string
  readonly query: string
  /** The table below the query: the column names, then the rows, as psql prints them. Null is empty. */
  readonly answer: readonly (readonly string[])[]
}

/** Returns the sections of a page that contain an SQL query. */
export function readSqlRecipes(page: Page): readonly SqlRecipe[] {
  return readSections(page).flatMap(({ title, text }) => {
    const query = fencedBlock(text, 'sql')
    if (query === undefined) return []
    return [{ title, query, answer: readTable(text.slice(text.indexOf(query) + query.length)) }]
  })
}

function readTable(text: string): readonly (readonly string[])[] {
  const [names = '', , ...rows] = /^\|.*\|\n(?:\|.*\|\n)+/m.exec(text)?.[0].trimEnd().split('\n') ?? []
  return [names, ...rows].map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  )
}
