import {
  type CdrRecord,
  defineSink,
  type Refusal,
  type SinkSession,
  type WriteOutcome,
} from '@cdrstream/plugin'
import { failed, httpUrlOption, retryAfter } from '@cdrstream/sink-kit'
import { Agent, type Dispatcher, request } from 'undici'
import { z } from 'zod'

const options = z.strictObject({
  /** The URL that batches are posted to. */
  url: httpUrlOption(),
  /** Sent as `Authorization: Bearer …`. */
  token: z.string('expected text').regex(/^[\x21-\x7e]+$/, 'expected a token without spaces'),
})

export type WebhookOptions = z.output<typeof options>

/** Posts batches of records to a webhook: `{ "records": [{ "id", "rank", …, "record" }] }`. */
const webhook = defineSink({
  name: 'webhook',
  options,
  traits: {
    // The receiver keeps the highest `rank` of each `id` (README). An idempotency key for the entire request
    // would not work, because the same records may arrive in different batches after a crash.
    idempotence: 'key',
    revisions: 'latest',
    batch: { records: 500, bytes: 1_000_000 },
    timeoutMs: 30_000,
  },
  create: (given) => ({
    // The first request shows whether the receiver is reachable and the token is valid.
    open: async () => ({ kind: 'opened', session: openSession(given) }),
  }),
})

export default webhook

function openSession({ url, token }: WebhookOptions): SinkSession {
  // A separate agent, so that `close` can release its connections.
  const agent = new Agent({ connections: 1 })
  return {
    async write({ records }, { signal }) {
      const { items, refused } = toItems(records)
      if (items.length === 0) return { kind: 'accepted', refused }
      const body = `{"records":[${items.join(',')}]}`
      const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
      try {
        // undici does not follow redirects, so the token is sent only to this URL.
        const response = await request(url, { method: 'POST', headers, body, signal, dispatcher: agent })
        await response.body.dump()
        return outcomeOf(response, refused)
      } catch (cause) {
        // The receiver is unreachable, or the request was interrupted or aborted. The engine sends the batch
        // again.
        return { kind: 'retry', cause }
      }
    },
    close: () => agent.destroy(),
  }
}

/**
 * Returns the items of a request. A record whose text is not JSON is refused, because it would make the
 * entire body unreadable.
 */
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

/** Embeds the record text unchanged, so that nothing is lost. */
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

type Response = Pick<Dispatcher.ResponseData, 'statusCode' | 'headers'>

/**
 * Distinguishes temporary failures, failures that a person must fix, and records that can never be accepted.
 */
function outcomeOf({ statusCode, headers }: Response, refused: readonly Refusal[]): WriteOutcome {
  if (statusCode >= 200 && statusCode < 300) return { kind: 'accepted', refused }
  const cause = `status ${statusCode}`
  switch (statusCode) {
    case 401:
    case 403:
      return failed('permission-denied', 'give the sink a valid token', cause)
    case 404:
    case 410:
      return failed('not-found', "fix the sink's url", cause)
    case 400:
    case 413:
    case 422:
      // The engine halves the batch until it finds the record.
      return { kind: 'rejected', reason: `the receiver answered ${statusCode}` }
    default:
      return retryAfter(headers['retry-after'], cause)
  }
}
