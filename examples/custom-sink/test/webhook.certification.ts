import { type BreakableProxy, type SinkCertification, startBreakableProxy } from '@cdrstream/testkit'
import type { WebhookOptions } from '../src/webhook.ts'
import { type Receiver, startReceiver } from './support/receiver.ts'

interface Destination {
  readonly receiver: Receiver
  /** Between the sink and the receiver: what breaks. */
  readonly proxy: BreakableProxy
}

// By their URL.
const destinations = new Map<string, Destination>()

function at({ url }: WebhookOptions): Destination {
  const destination = destinations.get(url)
  if (destination === undefined) throw new Error(`there is no receiver at ${url}`)
  return destination
}

/**
 * What `cdrstream certify` needs to know about the sink: where it may write, how to read that back, and how
 * to break it.
 */
const certification = {
  // A receiver of its own for each check.
  async options(place) {
    const token = `token-of-${place}`
    const receiver = await startReceiver(token)
    const proxy = await startBreakableProxy({ port: receiver.port })
    const url = `http://127.0.0.1:${proxy.port}/calls`
    destinations.set(url, { receiver, proxy })
    return { url, token }
  },

  // What a reader is shown. Must not go through the sink that it checks.
  async readBack(options) {
    const shown = at(options).receiver.shown()
    return shown.map(({ org, key, rank, home, record }) => ({
      org,
      key,
      rank,
      home,
      text: JSON.stringify(record),
    }))
  },

  breakIt: {
    // A temporary problem: nothing accepts connections.
    down: async (options) => at(options).proxy.set('down'),
    // Another one: connections are accepted, and nothing answers.
    hang: async (options) => at(options).proxy.set('silent'),
    // A problem that a person has to fix: the token is not valid.
    denied: async (options) => at(options).receiver.deny(true),
  },

  async healIt(options) {
    const { proxy, receiver } = at(options)
    proxy.set('up')
    receiver.deny(false)
  },

  async cleanUp(options) {
    const { proxy, receiver } = at(options)
    await proxy[Symbol.asyncDispose]()
    receiver.close()
    destinations.delete(options.url)
  },
} satisfies SinkCertification<WebhookOptions>

export default certification
