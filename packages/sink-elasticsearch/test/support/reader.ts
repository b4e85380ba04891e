/** Queries a server as its readers do, without the sink. */
export interface Reader {
  /** Sends a request and returns the body. Throws if the status is neither 2xx nor 404. */
  ask(method: string, path: string, body?: object): Promise<Answer>
  /** Returns the documents of an alias or an index, after a refresh. */
  documents(target: string): Promise<readonly FoundDocument[]>
}

// biome-ignore lint/suspicious/noExplicitAny: the body of any response
type Answer = any

export interface FoundDocument {
  readonly _index: string
  readonly _id: string
  readonly _source: Readonly<Record<string, unknown>>
}

export function reader(url: string): Reader {
  const ask = async (method: string, path: string, body?: object): Promise<Answer> => {
    const response = await fetch(url + path, {
      method,
      ...(body === undefined
        ? {}
        : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    })
    if (!response.ok && response.status !== 404)
      throw new Error(`${response.status} ${await response.text()}`)
    return response.json()
  }
  return {
    ask,
    async documents(target) {
      await ask('POST', `/${target}/_refresh?ignore_unavailable=true`)
      const found: FoundDocument[] = []
      let after: unknown
      while (true) {
        const { hits } = await ask('POST', `/${target}/_search?ignore_unavailable=true`, {
          size: 5_000,
          sort: [
            { key: { order: 'asc', unmapped_type: 'keyword' } },
            { org: { order: 'asc', unmapped_type: 'keyword' } },
          ],
          ...(after === undefined ? {} : { search_after: after }),
        })
        if (hits.hits.length === 0) return found
        found.push(...hits.hits)
        after = hits.hits.at(-1).sort
      }
    },
  }
}
