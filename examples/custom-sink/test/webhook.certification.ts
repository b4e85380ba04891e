import type { SinkCertification } from '@cdrstream/testkit'
import type { WebhookOptions } from '../src/webhook.ts'
import { type Receiver, type ReceiverMood, startReceiver } from './support/receiver.ts'

/** The receivers by URL, one for each place. */
const receivers = new Map<string, Receiver>()

function receiverOf({ url }: WebhookOptions): Receiver {
  const receiver = receivers.get(url)
  if (receiver === undefined) throw new Error(`there is no receiver at ${url}`)
  return receiver
}

const set = (mood: ReceiverMood) => async (options: WebhookOptions) => receiverOf(options).setMood(mood)

export default {
  options: async (place: string): Promise<WebhookOptions> => {
    const receiver = await startReceiver(`token-of-${place}`)
    receivers.set(receiver.url, receiver)
    return { url: receiver.url, token: receiver.token }
  },
  readBack: async (options) =>
    receiverOf(options)
      .shown()
      .map(({ org, key, rank, home, record }) => ({ org, key, rank, home, text: JSON.stringify(record) })),
  breakIt: { down: set('down'), denied: set('denied'), hang: set('silent') },
  healIt: set('open'),
  cleanUp: async (options) => {
    receiverOf(options).close()
    receivers.delete(options.url)
  },
} satisfies SinkCertification<WebhookOptions>
