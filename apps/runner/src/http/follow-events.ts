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

/** Streams events until the client disconnects. Returns false if there are already too many followers. */
export function followEvents({ incoming, outgoing, headers, feed, limits }: FollowOptions): boolean {
  if (feed.followers >= limits.followers) return false
  outgoing.writeHead(200, {
    ...headers,
    'content-type': 'text/event-stream; charset=utf-8',
    // Prevents a proxy such as nginx from buffering the events.
    'x-accel-buffering': 'no',
  })
  const send = (text: string) => {
    outgoing.write(text)
    // Disconnects clients that do not read, because unread data stays in the collector's memory.
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
