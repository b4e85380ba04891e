import { type Item, identifyItem } from '@cdrstream/core'
import type { Answer, ReadyRequest, Source } from '@cdrstream/engine'
import { createWebexSource, type WebexSourceOptions } from '@cdrstream/source-webex'
import { expect, it } from 'vitest'
import type { Problem } from './check/problem.ts'
import { digest, realSubject, type Subject } from './check/subject.ts'
import { runCases } from './run-cases.ts'

const identify = realSubject.identify

/** Returns a source with modified answers. */
function withAnswers(change: (answer: Answer<unknown>) => Answer<unknown>): Partial<Subject> {
  return {
    createSource(options) {
      const source = createWebexSource(options)
      return {
        async prepare(signal) {
          const prepared = await source.prepare(signal)
          if (prepared.kind !== 'ready') return prepared
          const send = async (...args: Parameters<ReadyRequest['send']>) =>
            change(await prepared.send(...args))
          return { kind: 'ready', send: send as ReadyRequest['send'] }
        },
      }
    },
  }
}

/** Returns a source with a modified transport. */
function withTransport(
  change: (transport: NonNullable<WebexSourceOptions['transport']>) => WebexSourceOptions['transport'],
): Partial<Subject> {
  return {
    createSource({ transport, ...options }): Source {
      const changed = transport && change(transport)
      return createWebexSource({ ...options, ...(changed && { transport: changed }) })
    },
  }
}

function mergeInto(target: Record<string, unknown>, value: object): void {
  for (const [key, member] of Object.entries(value)) {
    const inner = target[key]
    if (typeof member === 'object' && member !== null && typeof inner === 'object' && inner !== null)
      mergeInto(inner as Record<string, unknown>, member)
    else target[key] = member
  }
}

const kept: Buffer[] = []

const broken: readonly (readonly [what: string, found: Problem['kind'], Partial<Subject>])[] = [
  [
    'drops items that are not records',
    'accepted',
    withAnswers((answer) => {
      if (answer.kind !== 'page') return answer
      return { ...answer, items: answer.items.filter((item) => (item as { kind: string }).kind === 'record') }
    }),
  ],
  [
    'accepts the second of two identical records',
    'accepted',
    {
      accept: (records, atMs) => records.flatMap((record) => realSubject.accept([record], atMs)),
    },
  ],
  [
    'serializes records again',
    'items',
    {
      identify: (item: Item) =>
        identify(item.kind === 'parsed' ? { ...item, bytes: Buffer.from(JSON.stringify(item.value)) } : item),
    },
  ],
  [
    'treats an unreadable page as the last page',
    'items',
    withAnswers((answer) =>
      answer.kind === 'failed' && answer.code === 'body-not-a-page'
        ? { ...answer, kind: 'page', items: [], next: null }
        : answer,
    ),
  ],
  [
    'merges records into an object',
    'prototype',
    {
      identify(item: Item) {
        if (item.kind === 'parsed' && typeof item.value === 'object' && item.value !== null)
          mergeInto({}, item.value)
        return identify(item)
      },
    },
  ],
  [
    'throws on a number that is too large for a double',
    'crash',
    {
      identify(item: Item) {
        if (item.text.includes('1e999')) throw new RangeError('not a number')
        return identify(item)
      },
    },
  ],
  [
    'quotes a record in the detail',
    'leak',
    withAnswers((answer) =>
      answer.kind === 'failed' && answer.status === 200 ? { ...answer, detail: 'of +15550199387' } : answer,
    ),
  ],
  [
    'accepts any Retry-After',
    'answer',
    withAnswers((answer) => (answer.kind === 'limited' ? { ...answer, retryAfterMs: 1e15 } : answer)),
  ],
  [
    'decodes each chunk separately',
    'items',
    withTransport((transport) => async (request) => {
      const response = await transport(request)
      const texts: Buffer[] = []
      for await (const piece of response.body) texts.push(Buffer.from(Buffer.from(piece).toString()))
      return { ...response, body: texts }
    }),
  ],
  [
    'reports how many chunks arrived',
    'pieces',
    withTransport((transport) => async (request) => {
      const response = await transport(request)
      const pieces: Uint8Array[] = []
      for await (const piece of response.body) pieces.push(piece)
      return { ...response, statusText: `${pieces.length} pieces`, body: pieces }
    }),
  ],
  [
    'follows a region redirect to any host',
    'address',
    {
      createSource(options) {
        const hosts = ['evil.webexapis.com', 'evil.example', 'localhost', '127.0.0.1:1']
        return createWebexSource({ ...options, allowedHosts: hosts })
      },
    },
  ],
  [
    'keeps bodies in memory',
    'memory',
    {
      identify(item: Item) {
        kept.push(Buffer.alloc(10_000, 1))
        return identifyItem(item, digest)
      },
    },
  ],
]

it.each(broken)('a collector that %s is caught by the check "%s"', async (_, found, change) => {
  const subject = { ...realSubject, ...change }
  const { failed } = await runCases({ seed: 2, cases: 3_000, subject, maxGrowthBytes: 20_000_000 })
  kept.length = 0
  expect(failed.map(({ kind }) => kind)).toContain(found)
  const [first] = failed
  if (found === 'memory' || first === undefined) return
  const again = await runCases({ seed: first.seed, from: first.case, cases: 1, subject })
  expect(again.failed[0]).toMatchObject({ kind: first.kind, seed: first.seed, case: first.case })
})
