import { createWords, type Words } from '@cdrstream/core/words'
import type { Answer, PageAnswer } from '@cdrstream/engine'
import { firstHeader } from '../first-header.ts'
import { parseLinkHeader } from '../parse-link-header.ts'
import { readHttpDate } from '../read-http-date.ts'
import { readRetryAfter } from '../read-retry-after.ts'
import { readServerDate } from '../read-server-date.ts'
import { regionOf } from '../region/regions.ts'
import type { AnswerRow } from './answer-row.ts'
import { answerTable } from './answer-table.ts'
import { errorWords } from './reply-signs.ts'
import type { Circumstances, StreamHttpReply, StreamReply } from './stream-reply.ts'

/**
 * The maximum length of a detail. Longer than the final text, because other secrets are hidden before it is
 * shortened.
 */
const maxDetailCharacters = 2_000

/** Returns what a reply means according to the answer table. No detail contains `token`. */
export function classifyAnswer<Read>(
  reply: StreamReply<Read>,
  circumstances: Circumstances,
  token: string,
): Answer<Read> {
  const words = createWords([token])
  const row = rowOf(reply, circumstances)
  const about = common(reply, circumstances, words)
  const { outcome } = row
  switch (outcome.kind) {
    case 'page': {
      const page = outcome.items === 'body' ? pageOf(reply) : { items: [] }
      return { kind: 'page', ...about, ...page, next: nextOf(reply) }
    }
    case 'limited':
      return { kind: 'limited', ...about, retryAfterMs: retryAfterMs(reply) }
    case 'refused':
      return {
        kind: 'refused',
        reason: outcome.reason,
        ...about,
        ...explain(row, reply, circumstances, words),
      }
    case 'failed':
      return {
        kind: 'failed',
        reason: outcome.reason,
        ...about,
        ...explain(row, reply, circumstances, words),
        retryAfterMs: retryAfterMs(reply),
      }
  }
}

/** Returns the first row that matches. Throws if there is none, because the table must be complete. */
export function rowOf(reply: StreamReply<unknown>, circumstances: Circumstances): AnswerRow {
  const row = answerTable.find((each) => isOf(each, reply, circumstances))
  if (row === undefined) throw new Error('no row of the answer table matches')
  return row
}

function isOf({ when }: AnswerRow, reply: StreamReply<unknown>, circumstances: Circumstances): boolean {
  switch (reply.kind) {
    case 'answered':
      return (
        when.kind === 'answered' &&
        when.statuses.some((status) =>
          typeof status === 'number'
            ? status === reply.status
            : status[0] <= reply.status && reply.status <= status[1],
        ) &&
        (when.sign?.holds(reply, circumstances) ?? true)
      )
    case 'unanswered':
      return when.kind === 'unanswered' && (when.sign?.holds(reply, circumstances) ?? true)
  }
}

function pageOf<Read>(reply: StreamReply<Read>): Pick<PageAnswer<Read>, 'items' | 'release'> {
  if (reply.kind === 'unanswered' || reply.body.kind !== 'items') return { items: [] }
  const { items, release } = reply.body
  return { items, ...(release && { release }) }
}

function nextOf(reply: StreamReply<unknown>) {
  if (reply.kind === 'unanswered') return null
  const link = parseLinkHeader(reply.headers.link)
  return link.kind === 'next' ? link.next : null
}

function common(reply: StreamReply<unknown>, { sentTrackingId }: Circumstances, words: Words) {
  if (reply.kind === 'unanswered') {
    return { answeredAtMs: null, serverDateMs: null, trackingId: sentTrackingId, sentTrackingId }
  }
  const { headers, answeredAtMs } = reply
  return {
    answeredAtMs,
    serverDateMs: readServerDate(firstHeader(headers, 'date'), answeredAtMs),
    trackingId: words(firstHeader(headers, 'trackingid') ?? '', maxDetailCharacters) || sentTrackingId,
    sentTrackingId,
  }
}

/** Returns what the operator reads about an answer. */
function explain(
  { code, remedy }: AnswerRow,
  reply: StreamReply<unknown>,
  { tokenRefused, region }: Circumstances,
  words: Words,
) {
  const base = { code, ...(remedy !== null && { remedy }) }
  if (reply.kind === 'unanswered')
    return { ...base, status: null, detail: words(reply.detail, maxDetailCharacters) }
  const detail = words(detailOf(reply), maxDetailCharacters)
  const about = { ...base, ...tokenRefused, status: reply.status, detail }
  if (region === undefined || region.kind === 'unknown') return about
  const host = words(region.host, maxDetailCharacters)
  const name = regionOf(host) ?? 'auto'
  return {
    ...about,
    ...(remedy !== null && { remedy: remedy.replaceAll('{host}', host).replaceAll('{region}', name) }),
    host,
  }
}

function detailOf(reply: StreamHttpReply<unknown>): string {
  const { status, body, statusText } = reply
  if (body.kind === 'fault' && (status === 200 || status === 404)) return body.detail
  return errorWords(reply)[0] ?? statusText
}

function retryAfterMs(reply: StreamReply<unknown>): number | null {
  if (reply.kind === 'unanswered') return null
  const { headers, answeredAtMs } = reply
  const dateMs = readHttpDate(firstHeader(headers, 'date')) ?? answeredAtMs
  return readRetryAfter(firstHeader(headers, 'retry-after'), dateMs)
}
