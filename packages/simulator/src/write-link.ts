import type { NextPage } from './answer-window.ts'
import type { Chance } from './chance.ts'
import type { WindowQuery } from './read-query.ts'
import type { Behaviour } from './simulator-options.ts'

/**
 * Returns the query of a next link. Its colons, commas and spaces are not encoded (docs/api/webex-cdr-api.md,
 * section 6).
 */
export function linkQuery(query: WindowQuery, next: NextPage, orgUuid: string, dateSkewMs: number): string {
  const parameters = [
    ['endTime', iso(query.endMs)],
    ['startTime', iso(query.startMs)],
    ['startTimeForNextFetch', resumeTime(query, next, dateSkewMs)],
    ['totalCount', next.totalCount],
    ['max', query.max],
    ['locations', query.locations.length === 0 ? null : query.locations.map(sendable).join(',')],
    ['skip', next.skip === 0 ? null : next.skip],
    ['orgId', orgUuid],
  ] as const
  return parameters
    .filter(([, value]) => value !== null)
    .map(([name, value]) => `${name}=${value}`)
    .join('&')
}

/**
 * Returns the query of the next link in an endless chain. It differs from the current query and has no time
 * to resume from.
 */
export function endlessQuery(query: WindowQuery, orgUuid: string, search: string): string {
  const number = Number(new URLSearchParams(search).get('page') ?? 1) + 1
  const { startMs, endMs, max } = query
  return `endTime=${iso(endMs)}&startTime=${iso(startMs)}&max=${max}&orgId=${orgUuid}&page=${number}`
}

/** Returns the Link header, in one of the documented or observed forms. */
export function linkHeader(url: string, form: Behaviour['linkForm'], chance: Chance): Record<string, string> {
  switch (form) {
    case 'normal':
      return { link: `<${url}>; rel="next"` }
    case 'misprinted':
      return { link: `<<${url}>;rel="next">` }
    case 'upper-case':
      return { LINK: `<${url}>; REL="NEXT"` }
    case 'mixed':
      return linkHeader(url, chance.oneOf(['normal', 'misprinted', 'upper-case']), chance)
  }
}

function resumeTime(query: WindowQuery, { resumeMs }: NextPage, dateSkewMs: number): string | null {
  if (resumeMs === 'window-end') return iso(query.endMs)
  return resumeMs === null ? null : iso(resumeMs + dateSkewMs)
}

function iso(ms: number): string {
  return new Date(ms).toISOString()
}

/**
 * Encodes non-ASCII characters, as headers require, and characters that would end the parameter or the link.
 */
function sendable(name: string): string {
  return name.replace(/[^\x20-\x7e]|["#%&+<>]/gu, encodeURIComponent)
}
