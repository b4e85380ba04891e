import type { SimulatorTerms } from './terms.ts'

/** The parameters of a request. */
export interface WindowQuery {
  readonly startMs: number
  readonly endMs: number
  /** `startTimeForNextFetch`; null for the first page. */
  readonly resumeMs: number | null
  readonly max: number
  /**
   * How many items from the resume time were already returned. Only in a link whose resume time alone is not
   * enough.
   */
  readonly skip: number
  /** The names of sites. Empty for all. */
  readonly locations: readonly string[]
}

const maxLocations = 10

/** Returns the parameters of a request, or a message that describes what is wrong with them. */
export function readQuery(search: string, { pageSize }: SimulatorTerms): WindowQuery | string {
  const parameters = new URLSearchParams(search)
  const startMs = readTime(parameters.get('startTime'))
  const endMs = readTime(parameters.get('endTime'))
  if (startMs === undefined) return 'startTime is missing or not of the form YYYY-MM-DDTHH:MM:SS.mmmZ'
  if (endMs === undefined) return 'endTime is missing or not of the form YYYY-MM-DDTHH:MM:SS.mmmZ'
  const wanted = Number(parameters.get('max') ?? pageSize.max)
  if (!Number.isFinite(wanted)) return 'max is not a number'
  const locations = (parameters.get('locations') ?? '').split(',').filter((name) => name !== '')
  if (locations.length > maxLocations) return 'locations has more than 10 names'
  const skip = Number(parameters.get('skip') ?? 0)
  return {
    startMs,
    endMs,
    resumeMs: readTime(parameters.get('startTimeForNextFetch')) ?? null,
    max: Math.floor(Math.min(Math.max(wanted, pageSize.min), pageSize.max)),
    skip: Number.isSafeInteger(skip) && skip > 0 ? skip : 0,
    locations,
  }
}

/** Returns whether the query comes from a link. Only links have these parameters. */
export function isLinkQuery(search: string): boolean {
  return /(^|&)(startTimeForNextFetch|totalCount|orgId)=/.test(search)
}

function readTime(text: string | null): number | undefined {
  if (text === null || !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(text)) return undefined
  const ms = Date.parse(text)
  return Number.isNaN(ms) ? undefined : ms
}

/** Returns why the API does not accept the window, or null if it does. */
export function windowProblem(
  query: WindowQuery,
  terms: SimulatorTerms,
  serverMs: number,
  agedLink: 'refused' | 'answered',
): string | null {
  const { startMs, endMs, resumeMs } = query
  if (endMs <= startMs) return 'endTime should be later than startTime'
  if (endMs - startMs > terms.maxWindowMs) return 'the time range is too long'
  if (endMs > serverMs - terms.settleMs) return 'endTime is too recent'
  const mayBeOld = agedLink === 'answered' && resumeMs !== null
  if (startMs < serverMs - terms.retentionMs && !mayBeOld) return 'startTime is too old'
  return null
}
