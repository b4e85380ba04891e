import type { IncomingMessage, ServerResponse } from 'node:http'
import type { EventFeed } from './event-feed.ts'
import type { HttpLimits } from './limits.ts'

export interface FollowOptions {
  readonly incoming: IncomingMessage
  readonly outgoing: ServerResponse
  readonly headers: Readonly<Record<string, string>>
  readonly feed: EventFeed
  readonly limits: Pick<HttpLimits, 'followers' | 'unreadBytes' | 'heartbeatMs'>
}

/** Sends the events until the client leaves. Returns false if too many others follow already. */
export function followEvents({ incoming, outgoing, headers, feed, limits }: FollowOptions): boolean {
  if (feed.followers >= limits.followers) return false
  outgoing.writeHead(200, {
    ...headers,
    'content-type': 'text/event-stream; charset=utf-8',
    // A proxy such as nginx would collect the events otherwise.
    'x-accel-buffering': 'no',
  })
  const send = (text: string) => {
    outgoing.write(text)
    // A client that does not read is dropped: what it leaves unread is in the memory of the collector.
    if (outgoing.writableLength > limits.unreadBytes) outgoing.destroy()
  }
  if (incoming.method === 'HEAD') {
    outgoing.end()
    return true
  }
  send('retry: 2000\n\n')
  const lastId = incoming.headers['last-event-id']
  for (const { text } of feed.after(typeof lastId === 'string' ? lastId : undefined)) send(text)
  const leave = feed.follow(({ text }) => send(text))
  const heartbeat = setInterval(() => send(': alive\n\n'), limits.heartbeatMs)
  outgoing.on('close', () => {
    clearInterval(heartbeat)
    leave()
  })
  return true
}
