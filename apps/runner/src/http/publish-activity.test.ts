import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { EventFeed } from './event-feed.ts'
import { ActivityPublisher } from './publish-activity.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

function publishing() {
  const feed = new EventFeed('p')
  const events: unknown[] = []
  feed.follow(({ text }) => {
    const [, type, data = ''] = /event: (.*)\ndata: (.*)\n\n$/.exec(text) ?? []
    events.push([type, JSON.parse(data)])
  })
  return { publisher: new ActivityPublisher(feed), events }
}

test('commits within a second become one event, which lists the orgs with the most records first', () => {
  const { publisher, events } = publishing()
  const page = { items: 5, records: 3, quarantined: 1 }
  publisher.pageCommitted({ org: 'acme', ...page })
  publisher.pageCommitted({ org: 'globex', ...page, records: 4 })
  publisher.pageCommitted({ org: 'globex', ...page })
  expect(events).toEqual([])
  vi.advanceTimersByTime(1_000)

  expect(events).toEqual([
    [
      'committed',
      {
        items: 15,
        records: 10,
        quarantined: 3,
        orgs: [
          { org: 'globex', items: 10, records: 7, quarantined: 2 },
          { org: 'acme', items: 5, records: 3, quarantined: 1 },
        ],
      },
    ],
  ])
  vi.advanceTimersByTime(5_000)
  expect(events).toHaveLength(1)
})

test('a summary of many orgs lists fifty of them', () => {
  const { publisher, events } = publishing()
  for (let n = 0; n < 500; n += 1) {
    publisher.pageCommitted({ org: `org-${n}`, items: n, records: n, quarantined: 0 })
  }
  vi.advanceTimersByTime(1_000)

  const [[, data]] = events as [[string, { orgs: { org: string }[]; records: number }]]
  expect(data.records).toBe((499 * 500) / 2)
  expect(data.orgs).toHaveLength(50)
  expect(data.orgs[0]?.org).toBe('org-499')
})

test('states, gaps and refusals are published at once, with times in ISO 8601', () => {
  const { publisher, events } = publishing()
  publisher.stateChanged({
    subject: 'sink',
    name: 'files',
    state: 'paused',
    sinceMs: 0,
    code: 'x',
    cause: 'y',
    remedy: null,
    nextTryMs: 60_000,
  })
  publisher.gapFound('acme', [{ fromSec: 60, toSec: 90 }])
  publisher.recordsRefused({ sink: 'files', records: 2, reason: 'why' })

  expect(events).toEqual([
    [
      'state',
      {
        subject: 'sink',
        name: 'files',
        state: 'paused',
        code: 'x',
        cause: 'y',
        remedy: null,
        since: '1970-01-01T00:00:00.000Z',
        nextTryAt: '1970-01-01T00:01:00.000Z',
      },
    ],
    ['gap', { org: 'acme', from: '1970-01-01T00:01:00.000Z', to: '1970-01-01T00:01:30.000Z', seconds: 30 }],
    ['refused', { sink: 'files', records: 2, reason: 'why' }],
  ])
})
