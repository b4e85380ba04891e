import type { Batch, Call, CdrRecord, Refusal, Sink, SinkPlugin, WriteOutcome } from '@cdrstream/plugin'
import { Agent, type Dispatcher, request } from 'undici'
import { z } from 'zod'

const expectedUrl = 'expected an http or https address without a login'

const options = z.strictObject({
  /** Where batches are posted to. */
  url: z.string(expectedUrl).refine(isPlainAddress, expectedUrl),
  /** Sent as `Authorization: Bearer …`. */
  token: z.string('expected text').regex(/^[\x21-\x7e]+$/, 'expected a token without spaces'),
})

export type WebhookOptions = z.output<typeof options>

/** Posts records to a webhook in batches: `{ "records": [{ "id", "rank", …, "record" }] }`. */
const webhook: SinkPlugin<WebhookOptions> = {
  cdrstream: 1,
  name: 'webhook',
  options,
  traits: {
    // The receiver keeps of each `id` the highest `rank` (README). A key for the whole request would not do: after a crash the same
    // records may come in other batches.
    idempotence: 'key',
    revisions: 'latest',
    batch: { records: 500, bytes: 1_000_000 },
    timeoutMs: 30_000,
  },
  create: createWebhook,
}

export default webhook

function createWebhook({ url, token }: WebhookOptions): Sink {
  // Its own connections, so that they can be given back.
  let agent: Agent | undefined

  return {
    // The first request tells whether the receiver is there, and whether the token is right.
    async open() {
      await agent?.destroy()
      agent = new Agent({ connections: 1 })
      return { kind: 'opened' }
    },

    async write({ records }: Batch, { signal }: Call): Promise<WriteOutcome> {
      if (agent === undefined) throw new Error('not open')
      const { items, refused } = toItems(records)
      if (items.length === 0) return { kind: 'accepted', refused }
      const body = `{"records":[${items.join(',')}]}`
      const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
      try {
        // Redirects are not followed: the token goes to this address and to no other.
        const response = await request(url, { method: 'POST', headers, body, signal, dispatcher: agent })
        await response.body.dump()
        return outcomeOf(response, refused)
      } catch (cause) {
        // Refused, cut off, aborted: the engine sends the batch again.
        return { kind: 'retry', cause }
      }
    },

    async close() {
      await agent?.destroy()
      agent = undefined
    },
  }
}

/** A record whose text is broken would make the whole body unreadable: it is refused by its index. */
function toItems(records: readonly CdrRecord[]): {
  readonly items: readonly string[]
  readonly refused: readonly Refusal[]
} {
  const items: string[] = []
  const refused: Refusal[] = []
  for (const [index, record] of records.entries()) {
    if (isJson(record.text)) items.push(toItem(record))
    else refused.push({ index, reason: 'its text is not JSON' })
  }
  return { items, refused }
}

/** The record's own text goes in as it is: nothing of it can be lost on the way. */
function toItem({ org, key, rank, home, text }: CdrRecord): string {
  const head = JSON.stringify({ id: `${org}/${key}`, org, key, rank, home })
  return `${head.slice(0, -1)},"record":${text}}`
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

type Answer = Pick<Dispatcher.ResponseData, 'statusCode' | 'headers'>

/** Tells what mends itself from what needs a person, and from a record that can never be taken. */
function outcomeOf({ statusCode, headers }: Answer, refused: readonly Refusal[]): WriteOutcome {
  if (statusCode >= 200 && statusCode < 300) return { kind: 'accepted', refused }
  const cause = `status ${statusCode}`
  switch (statusCode) {
    case 401:
    case 403:
      return { kind: 'failed', code: 'permission-denied', remedy: 'give the sink a valid token', cause }
    case 404:
    case 410:
      return { kind: 'failed', code: 'not-found', remedy: 'mend the url of the sink', cause }
    case 400:
    case 413:
    case 422:
      // The engine halves the batch until it has found which record it is.
      return { kind: 'rejected', reason: `the receiver answered ${statusCode}` }
    default:
      return { kind: 'retry', ...retryAfter(headers['retry-after']), cause }
  }
}

function retryAfter(header: string | string[] | undefined): { readonly afterMs?: number } {
  const seconds = Number(header ?? Number.NaN)
  return seconds >= 0 ? { afterMs: seconds * 1_000 } : {}
}

function isPlainAddress(text: string): boolean {
  const url = URL.parse(text)
  if (url === null || !['http:', 'https:'].includes(url.protocol)) return false
  return url.username === '' && url.password === ''
}
