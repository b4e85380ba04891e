/** A query with one thing less. */
export interface Poorer {
  /** What it lacks. */
  readonly without: string
  readonly query: string
}

/**
 * The query without each of its lines that begin with `and`, and with each count of different calls made one
 * of records.
 */
export function poorerSql(query: string): readonly Poorer[] {
  return Array.from(
    query.matchAll(/^ +and .*?(?=;?$)|(?<=count\()distinct [\w.]+(?=\))/gm),
    ({ 0: part, index }) => ({
      without: part.trim(),
      query: `${query.slice(0, index)}${part.startsWith('distinct') ? '*' : ''}${query.slice(index + part.length)}`,
    }),
  )
}

/** The search without each of the clauses that its `query` has in `filter` or `must_not`. */
export function poorerSearch(body: string): readonly Poorer[] {
  const { query, ...others }: { query: { bool?: Record<'filter' | 'must_not', unknown[] | undefined> } } =
    JSON.parse(body)
  const { bool } = query
  if (bool === undefined) return []
  return (['filter', 'must_not'] as const).flatMap((kind) =>
    (bool[kind] ?? []).map((clause) => {
      const left = { ...bool, [kind]: bool[kind]?.filter((other) => other !== clause) }
      return {
        without: JSON.stringify(clause),
        query: JSON.stringify({ ...others, query: { bool: left } }),
      }
    }),
  )
}
