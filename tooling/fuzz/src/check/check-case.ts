import type { IdentifiedItem } from '@cdrstream/core'
import type { Answer, SourceRequest } from '@cdrstream/engine'
import {
  createFixedSignIn,
  regionHosts,
  type Transport,
  type TransportRequest,
} from '@cdrstream/source-webex'
import { canaryToken, caseChance, type FuzzCase } from '../make/make-case.ts'
import { CaseClock } from './case-clock.ts'
import { caseTransport } from './case-transport.ts'
import { checkAnswer } from './check-answer.ts'
import { checkItems, type ItemCounts } from './check-items.ts'
import { type ExpectedPage, expectedPage, pageLimits } from './expected-page.ts'
import type { Problem } from './problem.ts'
import type { Subject } from './subject.ts'

/** The result of one case. */
export interface CheckedCase {
  readonly problems: readonly Problem[]
  /** The kind of the answer, with the code of a failure or refusal. */
  readonly outcome: string
  readonly counts: ItemCounts
}

const nowMs = Date.UTC(2026, 8, 24, 12)
const base = 'https://analytics-calling.webexapis.com/v1'
const nothing: ItemCounts = { accepted: 0, quarantined: 0, repeated: 0 }

/** Sends a request that is answered with the case, and checks the result. Never rejects. */
export async function checkCase(
  fuzzCase: FuzzCase,
  subject: Subject,
  at: { readonly seed: number; readonly number: number },
): Promise<CheckedCase> {
  const requests: TransportRequest[] = []
  const run = runOf(fuzzCase, subject, requests)
  try {
    const answer = await run.ask(initial, caseChance(at.seed, at.number, 1))
    const problems = [...checkAnswer(answer, fuzzCase, nowMs)]
    const { problems: wrongItems, counts } = checkPage(answer, fuzzCase, subject)
    problems.push(...wrongItems)
    if (at.number % 32 === 0 && fuzzCase.kind === 'answered' && fuzzCase.end === 'whole') {
      const again = await runOf(fuzzCase, subject, []).ask(initial, caseChance(at.seed, at.number, 2))
      if (JSON.stringify(again) !== JSON.stringify(answer)) problems.push({ kind: 'pieces', detail: '' })
    }
    // Follows the answer to the next page or host.
    const next = answer.kind === 'page' ? answer.next : null
    if (next !== null) await run.ask({ kind: 'page', link: next.query }, caseChance(at.seed, at.number, 3))
    else if ('host' in answer) await run.ask(initial, caseChance(at.seed, at.number, 3))
    // The URL of the initial request does not depend on the case, so it is checked only once.
    const misdirected = requests.find((request, index) => (index > 0 || at.number === 0) && !isOurs(request))
    if (misdirected !== undefined) problems.push({ kind: 'address', detail: misdirected.url })
    const polluted = takePollution()
    if (polluted.length > 0) problems.push({ kind: 'prototype', detail: polluted.join() })
    return { problems, counts, outcome: outcomeOf(answer) }
  } catch (cause) {
    const detail = cause instanceof Error ? (cause.stack ?? cause.message) : String(cause)
    return { problems: [{ kind: 'crash', detail }], counts: nothing, outcome: 'crash' }
  }
}

const initial: SourceRequest = {
  kind: 'initial',
  window: { fromSec: nowMs / 1_000 - 300, toSec: nowMs / 1_000 - 60 },
  max: 500,
}

function runOf(fuzzCase: FuzzCase, subject: Subject, requests: TransportRequest[]) {
  const clock = new CaseClock(nowMs)
  let transport: Transport
  const source = subject.createSource({
    baseUrl: base,
    signIn: createFixedSignIn({ reveal: () => canaryToken }, clock),
    clock,
    ...pageLimits,
    newTrackingId: () => 'ours',
    transport: (request) => {
      requests.push(request)
      return transport(request)
    },
  })
  return {
    async ask(
      request: SourceRequest,
      pieces: ReturnType<typeof caseChance>,
    ): Promise<Answer<IdentifiedItem>> {
      transport = caseTransport(fuzzCase, clock, pieces)
      const { signal } = new AbortController()
      const prepared = await source.prepare(signal)
      return prepared.kind === 'ready' ? prepared.send(request, subject.identify, signal) : prepared
    },
  }
}

function checkPage(answer: Answer<IdentifiedItem>, fuzzCase: FuzzCase, subject: Subject) {
  const expected = fuzzCase.kind === 'answered' ? expectedPage(fuzzCase) : undefined
  const wrong = (detail: string) => ({ problems: [{ kind: 'items', detail } as const], counts: nothing })
  if (answer.kind === 'page') {
    if (expected?.kind === 'items') return checkItems(answer.items, expected.items, subject, nowMs)
    // A 204, or the 404 of an empty window.
    const isEmpty = fuzzCase.kind === 'answered' && fuzzCase.status !== 200 && answer.items.length === 0
    return isEmpty ? { problems: [], counts: nothing } : wrong(`a page instead of ${expected?.kind}`)
  }
  if (expected === undefined || isAsExpected(answer, expected)) return { problems: [], counts: nothing }
  return wrong(`${outcomeOf(answer)} instead of ${expected.kind}`)
}

/** Returns whether a failure is expected. */
function isAsExpected(answer: Answer<unknown>, expected: ExpectedPage): boolean {
  if (answer.kind !== 'failed') return false
  switch (expected.kind) {
    case 'items':
      return answer.code === 'link-not-understood' || answer.code === 'errors-for-items'
    case 'malformed':
      return answer.reason === 'malformed'
    case 'too-large':
      return answer.reason === 'too-large'
  }
}

const hosts: ReadonlySet<string> = new Set(Object.values(regionHosts))

/**
 * Returns whether the token may be sent with this request, which must be well-formed, for the expected path,
 * and to an allowed host.
 */
function isOurs({ url, headers, method = 'GET' }: TransportRequest): boolean {
  const parsed = URL.parse(url)
  const isSendable =
    /^[\x21-\x7e]+$/.test(url) && Object.values(headers).every((value) => !/[\r\n\0]/.test(value))
  return (
    method === 'GET' &&
    isSendable &&
    parsed !== null &&
    parsed.protocol === 'https:' &&
    parsed.username === '' &&
    hosts.has(parsed.host) &&
    parsed.pathname === '/v1/cdr_stream'
  )
}

const own = new Map(Object.entries(Object.getOwnPropertyDescriptors(Object.prototype)))

/**
 * Returns the properties that were added to or changed in Object.prototype, and restores it, so that one case
 * does not affect the others.
 */
function takePollution(): readonly string[] {
  const now = Reflect.ownKeys(Object.prototype)
  const added = now.length === own.size ? [] : now.filter((key) => !own.has(String(key)))
  for (const key of added) Reflect.deleteProperty(Object.prototype, key)
  const found = added.map(String)
  for (const [key, descriptor] of own) {
    // For __proto__, this calls the getter, which also returns null.
    if (Reflect.get(Object.prototype, key) === (descriptor.value ?? null)) continue
    Object.defineProperty(Object.prototype, key, descriptor)
    found.push(key)
  }
  return found
}

function outcomeOf(answer: Answer<unknown>): string {
  switch (answer.kind) {
    case 'page':
      return answer.next === null ? 'last page' : 'page'
    case 'limited':
      return 'limited'
    case 'failed':
    case 'refused':
      return `${answer.kind} ${answer.code ?? answer.reason}`
  }
}
