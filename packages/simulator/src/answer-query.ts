import { answerWindow } from './answer-window.ts'
import {
  emptyAnswer,
  errorAnswer,
  errorsAnswer,
  pageAnswer,
  type SimulatedResponse,
  type Stamp,
  serverErrorAnswer,
} from './answers.ts'
import type { Chance } from './chance.ts'
import { deliversAllItems, type Fault } from './faults.ts'
import { readQuery, type WindowQuery, windowProblem } from './read-query.ts'
import type { Behaviour } from './simulator-options.ts'
import type { Tenant } from './tenant.ts'
import type { SimulatorTerms } from './terms.ts'
import { unservedIn } from './unserved-spans.ts'
import { endlessQuery, linkHeader, linkQuery } from './write-link.ts'

export const streamPath = '/v1/cdr_stream'

/** An authorized request for records. */
interface TenantQuery {
  readonly tenant: Tenant
  readonly search: string
  /** The base URL of links. */
  readonly base: string
  readonly nowMs: number
}

interface AnswerMeans {
  readonly terms: SimulatorTerms
  readonly behaviour: Behaviour
  readonly chance: Chance
  /** The fault drawn for this request. The fault of an unserved span takes precedence. */
  readonly fault: Fault | undefined
  readonly stamp: Stamp
}

/** Returns the answer to a request that the rate limit allows: a page, or why there is none. */
export function answerQuery(
  { tenant, search, base, nowMs }: TenantQuery,
  means: AnswerMeans,
): SimulatedResponse {
  const { terms, behaviour, chance, stamp } = means
  const { dateSkewMs, emptyAs, linkForm, agedLink } = behaviour
  const query = readQuery(search, terms)
  if (typeof query === 'string') return errorAnswer(400, query, stamp)
  const problem = windowProblem(query, terms, nowMs + dateSkewMs, agedLink)
  if (problem !== null) return errorAnswer(400, problem, stamp)
  const own = inOwnTime(query, dateSkewMs)
  const unserved = unservedIn(tenant.unserved, own)
  if (unserved === 'server-error') return serverErrorAnswer(500, stamp)
  if (unserved === 'hang') return { ...errorAnswer(500, '', stamp), fault: 'hang' }
  if (unserved === 'bad-request') return errorAnswer(400, 'the time range cannot be processed', stamp)
  if (unserved === 'endless') {
    const parameters = endlessQuery(query, tenant.timeLine.orgUuid, search)
    const header = linkHeader(`${base}${streamPath}?${parameters}`, linkForm, chance)
    return pageAnswer([], header, stamp, () => {})
  }
  const fault = unserved ?? means.fault
  if (fault === 'errors') return errorsAnswer(stamp)
  const { items, next } = answerWindow(tenant.timeLine, own, behaviour, nowMs, chance)
  if (items.length === 0 && next === null && unserved === undefined) return emptyAnswer(emptyAs, stamp)
  const link = () => {
    if (next === null) return {}
    if (fault === 'bad-link') return { link: 'next' }
    const parameters = linkQuery(query, next, tenant.timeLine.orgUuid, dateSkewMs)
    return linkHeader(`${base}${streamPath}?${parameters}`, linkForm, chance)
  }
  const texts = items.map(({ content }) => content.text)
  const answer = pageAnswer(texts, link(), stamp, () => {
    if (deliversAllItems(fault)) for (const { content } of items) content.show(nowMs)
  })
  if (fault === undefined) return answer
  if (fault !== 'malformed') return { ...answer, fault }
  return {
    ...answer,
    fault,
    body: answer.body.slice(0, Math.floor(answer.body.length * chance.next())),
  }
}

/** Converts the query from the server's clock to the simulator's own time, which the store uses. */
function inOwnTime(query: WindowQuery, dateSkewMs: number): WindowQuery {
  return {
    ...query,
    startMs: query.startMs - dateSkewMs,
    endMs: query.endMs - dateSkewMs,
    resumeMs: query.resumeMs === null ? null : query.resumeMs - dateSkewMs,
  }
}
