import { fencedBlock, readSections } from './read-sections.ts'

export interface SearchRecipe {
  readonly title: string
  /** Behind the address of the server: `cdr/_search?size=0`. */
  readonly path: string
  /** JSON. */
  readonly body: string
  /** The whole answer, as `filter_path` leaves it. */
  readonly answer: unknown
}

/** The sections of elasticsearch.md that have a query in the form of Kibana's Dev Tools. */
export function readSearchRecipes(): readonly SearchRecipe[] {
  return readSections('elasticsearch.md').flatMap(({ title, text }) => {
    const query = fencedBlock(text, 'console')
    const answer = fencedBlock(text, 'json')
    if (query === undefined || answer === undefined) return []
    const [, path = '', body = ''] = /^GET (\S+)\n([\s\S]*)$/.exec(query) ?? []
    return [{ title, path, body, answer: JSON.parse(answer) }]
  })
}
