import type { NextLink } from '@cdrstream/core'

/**
 * Returns the query of a next page's URL and its parameters, or undefined if the URL has no query, which the
 * API needs.
 */
export function readNextLink(url: string): NextLink | undefined {
  const [address = ''] = url.split('#', 1)
  const queryAt = address.indexOf('?') + 1
  const query = queryAt === 0 ? '' : address.slice(queryAt)
  if (query === '') return undefined
  return {
    query,
    resumeMs: instantMs(parameter(query, 'startTimeForNextFetch')),
    totalCount: count(parameter(query, 'totalCount')),
  }
}

function parameter(query: string, name: string): string | undefined {
  for (const pair of query.split('&')) {
    const [key = '', value = ''] = pair.split('=', 2)
    if (key.toLowerCase() === name.toLowerCase()) return percentDecoded(value)
  }
  return undefined
}

function percentDecoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** Requires a time zone. Without one, the result would depend on this machine's zone. */
function instantMs(text: string | undefined): number | null {
  const zoned = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)$/i
  if (text === undefined || !zoned.test(text)) return null
  const ms = Date.parse(text)
  return Number.isNaN(ms) ? null : ms
}

function count(text: string | undefined): number | null {
  if (text === undefined || !/^\d+$/.test(text)) return null
  const value = Number(text)
  return Number.isSafeInteger(value) ? value : null
}
