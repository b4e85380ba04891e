import { createWords, type Words } from '@cdrstream/core'
import type { Answer, PageAnswer } from '@cdrstream/engine'
import { firstHeader } from '../first-header.ts'
import { parseLinkHeader } from '../parse-link-header.ts'
import { readHttpDate } from '../read-http-date.ts'
import { readRetryAfter } from '../read-retry-after.ts'
import { readServerDate } from '../read-server-date.ts'
import { regionOf } from '../region/regions.ts'
import type { AnswerRow } from './answer-row.ts'
import { answerTable } from './answer-table.ts'
import type { HttpReply, Reply } from './reply.ts'
import { errorWords } from './reply-signs.ts'

/**
 * Of the answer's own texts. Longer than what is shown in the end, where the secrets of others are hidden
 * first.
 */
const mostCharacters = 2_000

/** What a reply means, by the table of answers. The token is what must not appear in a detail. */
export function classifyAnswer<Read>(reply: Reply<Read>, token: string): Answer<Read> {
  const words = createWords([token])
  const row = rowOf(reply)
  const { outcome } = row
  switch (outcome.kind) {
    case 'page': {
      const page = outcome.items === 'body' ? pageOf(reply) : { items: [] }
      return { kind: 'page', ...common(reply, words), ...page, next: nextOf(reply) }
    }
    case 'limited':
      return { kind: 'limited', ...common(reply, words), retryAfterMs: retryAfterMs(reply) }
    case 'refused':
      return { kind: 'refused', reason: outcome.reason, ...common(reply, words), ...told(row, reply, words) }
    case 'failed':
      return {
        kind: 'failed',
        reason: outcome.reason,
        ...common(reply, words),
        ...told(row, reply, words),
        retryAfterMs: retryAfterMs(reply),
      }
  }
}

/** The first row that holds. */
export function rowOf(reply: Reply<unknown>): AnswerRow {
  const row = answerTable.find((each) => isOf(each, reply))
  if (row === undefined) throw new Error('an answer that is in no row of the table')
  return row
}

function isOf({ when }: AnswerRow, reply: Reply<unknown>): boolean {
  switch (reply.kind) {
    case 'answered':
      return (
        when.kind === 'answered' &&
        when.statuses.some((status) =>
          typeof status === 'number'
            ? status === reply.status
            : status[0] <= reply.status && reply.status <= status[1],
        ) &&
        (when.sign?.holds(reply) ?? true)
      )
    case 'unanswered':
      return when.kind === 'unanswered' && (when.sign?.holds(reply) ?? true)
  }
}

function pageOf<Read>(reply: Reply<Read>): Pick<PageAnswer<Read>, 'items' | 'release'> {
  if (reply.kind === 'unanswered' || reply.body.kind !== 'items') return { items: [] }
  const { items, release } = reply.body
  return { items, ...(release && { release }) }
}

function nextOf(reply: Reply<unknown>) {
  if (reply.kind === 'unanswered') return null
  const link = parseLinkHeader(reply.headers.link)
  return link.kind === 'next' ? link.next : null
}

function common(reply: Reply<unknown>, words: Words) {
  const { sentTrackingId } = reply
  if (reply.kind === 'unanswered') {
    return { answeredAtMs: null, serverDateMs: null, trackingId: sentTrackingId, sentTrackingId }
  }
  const { headers, answeredAtMs } = reply
  return {
    answeredAtMs,
    serverDateMs: readServerDate(firstHeader(headers, 'date'), answeredAtMs),
    trackingId: words(firstHeader(headers, 'trackingid') ?? '', mostCharacters) || sentTrackingId,
    sentTrackingId,
  }
}

/** What the operator is told. */
function told({ code, remedy }: AnswerRow, reply: Reply<unknown>, words: Words) {
  const said = { code, ...(remedy !== null && { remedy }) }
  if (reply.kind === 'unanswered')
    return { ...said, status: null, detail: words(reply.detail, mostCharacters) }
  const detail = words(detailOf(reply), mostCharacters)
  const about = { ...said, ...reply.tokenRefused, status: reply.status, detail }
  const { region } = reply
  if (region === undefined || region.kind === 'unknown') return about
  const host = words(region.host, mostCharacters)
  const name = regionOf(host) ?? 'auto'
  return {
    ...about,
    ...(remedy !== null && { remedy: remedy.replaceAll('{host}', host).replaceAll('{region}', name) }),
    host,
  }
}

function detailOf(reply: HttpReply<unknown>): string {
  const { status, body, statusText } = reply
  if (body.kind === 'fault' && (status === 200 || status === 404)) return body.detail
  return errorWords(reply)[0] ?? statusText
}

function retryAfterMs(reply: Reply<unknown>): number | null {
  if (reply.kind === 'unanswered') return null
  const { headers, answeredAtMs } = reply
  const dateMs = readHttpDate(firstHeader(headers, 'date')) ?? answeredAtMs
  return readRetryAfter(firstHeader(headers, 'retry-after'), dateMs)
}
