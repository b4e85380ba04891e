import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { apiBehaviourFile, renderApiBehaviour } from '../../scripts/render-api-behaviour.ts'
import type { NoReply } from '../reply.ts'
import { answerTable } from './answer-table.ts'
import { rowOf } from './classify-answer.ts'
import type { Circumstances, StreamHttpReply, StreamReply } from './stream-reply.ts'

const answered = (change: Partial<StreamHttpReply & Circumstances>): StreamHttpReply & Circumstances => ({
  kind: 'answered',
  status: 200,
  statusText: '',
  headers: {},
  body: { kind: 'text', text: '' },
  answeredAtMs: 0,
  sentTrackingId: '',
  ...change,
})
const unanswered = (change: Partial<NoReply>): NoReply & Circumstances => ({
  kind: 'unanswered',
  reason: 'unreachable',
  faultCodes: [],
  detail: '',
  sentTrackingId: '',
  ...change,
})
const says = (message: string) => ({ kind: 'text', text: JSON.stringify({ message }) }) as const
const fault = (reason: 'timeout' | 'malformed' | 'too-large' | 'unreachable', flaw?: 'cut') =>
  ({ kind: 'fault', reason, detail: '', ...(flaw && { flaw }) }) as const
const link = { link: '<https://h/?x=1>; rel="next"' }
const items = { kind: 'items', items: [] } as const
const host = 'h'

/** One answer for each row, in the order of the table. */
const examples: readonly (StreamReply & Circumstances)[] = [
  answered({ body: { ...items, hasErrors: true } }),
  answered({ headers: link, body: items }),
  answered({ body: items }),
  answered({ headers: { link: '<<' }, body: items }),
  answered({ status: 204, headers: link }),
  answered({ status: 204 }),
  answered({ body: fault('too-large') }),
  answered({ body: fault('timeout') }),
  answered({ body: { ...fault('malformed'), flaw: 'encoding' } }),
  answered({ body: { ...fault('malformed'), flaw: 'html' } }),
  answered({ body: { ...fault('malformed'), flaw: 'empty' } }),
  answered({ body: fault('malformed', 'cut') }),
  answered({ body: fault('malformed') }),
  answered({ body: fault('unreachable') }),
  answered({ status: 302 }),
  answered({ status: 400 }),
  answered({ status: 401, tokenRefused: { code: '', remedy: '' } }),
  answered({ status: 401 }),
  answered({ status: 403, body: { kind: 'text', text: '<html>' } }),
  answered({ status: 403, body: says('scope') }),
  answered({ status: 403, body: says('the app is not authorized') }),
  answered({ status: 403, body: says('role') }),
  answered({ status: 403 }),
  answered({ status: 404, body: says('No CDRs for requested time range and filters') }),
  answered({ status: 404, body: fault('malformed') }),
  answered({ status: 404, notFoundInARow: 3 }),
  answered({ status: 404 }),
  answered({ status: 407 }),
  answered({ status: 405 }),
  answered({ status: 429 }),
  answered({ status: 451, region: { kind: 'moved', host } }),
  answered({ status: 451, region: { kind: 'ping-pong', host } }),
  answered({ status: 451, region: { kind: 'fixed', host } }),
  answered({ status: 451, region: { kind: 'not-allowed', host } }),
  answered({ status: 451, region: { kind: 'unknown' } }),
  answered({ status: 504 }),
  answered({ status: 503 }),
  answered({ status: 201 }),
  unanswered({ reason: 'timeout' }),
  unanswered({ faultCodes: ['X', 'CERT_HAS_EXPIRED'] }),
  unanswered({ faultCodes: ['ERR_TLS_CERT_ALTNAME_INVALID'] }),
  unanswered({ faultCodes: ['SELF_SIGNED_CERT_IN_CHAIN'] }),
  unanswered({ faultCodes: ['UND_ERR_ABORTED'] }),
  unanswered({ faultCodes: ['ENOTFOUND'] }),
  unanswered({}),
]

test('every row of the answer table is reachable and not hidden by an earlier row', () => {
  expect(examples.map((reply) => answerTable.indexOf(rowOf(reply, reply)))).toEqual([...answerTable.keys()])
})

test('every status has a row, regardless of headers and body', () => {
  for (let status = 100; status < 1_000; status += 1) {
    for (const body of [items, { kind: 'text', text: '' } as const, fault('timeout'), fault('malformed')]) {
      const reply = answered({ status, body, headers: { link: '<' } })
      expect(() => rowOf(reply, reply)).not.toThrow()
    }
  }
})

test('a code always has the same outcome, every refusal has a remedy, and no page has one', () => {
  const outcomeOf = new Map<string, string>()
  for (const { code, outcome, remedy } of answerTable) {
    const kind = outcomeOf.get(code) ?? outcome.kind
    expect(outcome.kind).toBe(kind)
    outcomeOf.set(code, kind)
    if (outcome.kind === 'page') expect(remedy).toBeNull()
    if (outcome.kind === 'refused') expect(remedy).not.toBeNull()
  }
})

test('docs/api-behaviour.md is up to date with the answer table', () => {
  expect(readFileSync(apiBehaviourFile, 'utf8')).toBe(renderApiBehaviour())
})
