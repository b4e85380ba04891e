/** A query with one part removed. */
export interface ReducedQuery {
  /** The removed part. */
  readonly without: string
  readonly query: string
}

/**
 * Returns the query without each line that starts with `and`, and with each count of distinct calls replaced
 * by a count of records.
 */
export function reducedSql(query: string): readonly ReducedQuery[] {
  return Array.from(
    query.matchAll(/^ +and .*?(?=;?$)|(?<=count\()distinct [\w.]+(?=\))/gm),
    ({ 0: part, index }) => ({
      without: part.trim(),
      query: `${query.slice(0, index)}${part.startsWith('distinct') ? '*' : ''}${query.slice(index + part.length)}`,
    }),
  )
}

/** Returns the search without each clause in `filter` or `must_not` of its `query`. */
export function reducedSearches(body: string): readonly ReducedQuery[] {
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
