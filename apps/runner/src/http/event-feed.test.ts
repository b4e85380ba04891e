import { expect, test } from 'vitest'
import { EventFeed } from './event-feed.ts'

const event = (n: number) => ({ type: 'committed', data: { n } }) as const

test('clients receive each event once until they disconnect', () => {
  const feed = new EventFeed('p')
  const got: string[] = []
  const leave = feed.follow(({ text }) => got.push(text))
  feed.publish(event(1))
  feed.publish({ type: 'gap', data: { text: 'two\nlines' } })
  leave()
  feed.publish(event(3))

  expect(got).toEqual([
    'id: p-1\nevent: committed\ndata: {"n":1}\n\n',
    'id: p-2\nevent: gap\ndata: {"text":"two\\nlines"}\n\n',
  ])
  expect(feed.followers).toBe(0)
})

test('a client that reconnects receives the missed events that are still buffered', () => {
  const feed = new EventFeed('p')
  for (let n = 1; n <= 1_000; n += 1) feed.publish(event(n))

  expect(feed.after('p-998').map(({ id }) => id)).toEqual(['p-999', 'p-1000'])
  expect(feed.after('p-1000')).toEqual([])
  expect(feed.after('p-1')).toEqual([])
  expect(feed.after('other-999')).toEqual([])
  expect(feed.after(undefined)).toEqual([])
})
