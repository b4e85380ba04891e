import { fencedBlock, readPage, readSections } from './read-sections.ts'

export interface SearchRecipe {
  readonly title: string
  /** The path after the server URL, such as `cdr/_search?size=0`. */
  readonly path: string
  /** JSON, with the parameter values inserted. */
  readonly body: string
  /** The complete response, reduced by `filter_path`. */
  readonly answer: unknown
}

/** The values of the parameters in the queries of elasticsearch.md. */
export type SearchParameters = Readonly<Record<string, string>>

/** Returns the parameters that the answers on the page were made with. */
function readSearchParameters(): SearchParameters {
  const rows = readPage('elasticsearch.md').matchAll(/^\| `([A-Z_]+)` \| `([^`]+)` \|/gm)
  return Object.fromEntries(Array.from(rows, ([, name = '', value = '']) => [name, value]))
}

/**
 * Returns the sections of elasticsearch.md that have a query in the format of Kibana Dev Tools. `parameters`
 * override the page's parameters.
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
