import { fencedBlock, readPage, readSections } from './read-sections.ts'

export interface SearchRecipe {
  readonly title: string
  /** Behind the address of the server: `cdr/_search?size=0`. */
  readonly path: string
  /** JSON, with the parameters as they are for the answer. */
  readonly body: string
  /** The whole answer, as `filter_path` leaves it. */
  readonly answer: unknown
}

/** What stands for the parameters of the queries of elasticsearch.md. */
export type SearchParameters = Readonly<Record<string, string>>

/** The parameters of the answers that are shown. */
function readSearchParameters(): SearchParameters {
  const rows = readPage('elasticsearch.md').matchAll(/^\| `([A-Z_]+)` \| `([^`]+)` \|/gm)
  return Object.fromEntries(Array.from(rows, ([, name = '', value = '']) => [name, value]))
}

/**
 * The sections of elasticsearch.md that have a query in the form of Kibana's Dev Tools. `parameters`: instead
 * of those of the answers.
 */
export function readSearchRecipes(parameters: SearchParameters = {}): readonly SearchRecipe[] {
  const all = { ...readSearchParameters(), ...parameters }
  return readSections('elasticsearch.md').flatMap(({ title, text }) => {
    const query = fencedBlock(text, 'console')
    const answer = fencedBlock(text, 'json')
    if (query === undefined || answer === undefined) return []
    const [, path = '', body = ''] = /^GET (\S+)\n([\s\S]*)$/.exec(query) ?? []
    return [{ title, path, body: withParameters(body, all), answer: JSON.parse(answer) }]
  })
}

function withParameters(body: string, parameters: SearchParameters): string {
  return body.replaceAll(/\$\{(\w+)\}/g, (_, name: string) => {
    const value = parameters[name]
    if (value === undefined) throw new RangeError(`the page has no parameter ${name}`)
    return value
  })
}
