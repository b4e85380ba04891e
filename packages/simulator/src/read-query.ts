import type { WindowQuery } from './answer-window.ts'
import type { SimulatorTerms } from './terms.ts'

/** Reads the parameters of a request; a text says what is wrong with them. */
export function readQuery(search: string, { pageSize }: SimulatorTerms): WindowQuery | string {
  const parameters = new URLSearchParams(search)
  const startMs = readTime(parameters.get('startTime'))
  const endMs = readTime(parameters.get('endTime'))
  if (startMs === undefined) return 'startTime is missing or not of the form YYYY-MM-DDTHH:MM:SS.mmmZ'
  if (endMs === undefined) return 'endTime is missing or not of the form YYYY-MM-DDTHH:MM:SS.mmmZ'
  const wanted = Number(parameters.get('max') ?? pageSize.max)
  if (!Number.isInteger(wanted)) return 'max is not a number'
  return {
    startMs,
    endMs,
    resumeMs: readTime(parameters.get('startTimeForNextFetch')) ?? null,
    max: Math.min(Math.max(wanted, pageSize.min), pageSize.max),
    skip: Number(parameters.get('skip') ?? 0),
  }
}

function readTime(text: string | null): number | undefined {
  if (text === null || !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(text)) return undefined
  const ms = Date.parse(text)
  return Number.isNaN(ms) ? undefined : ms
}
