import { createFixedSignIn, createWebexSource } from '@cdrstream/source-webex'
import { measure, type Ratio } from './measure.ts'
import type { Page } from './page.ts'
import { systemClock } from './system-clock.ts'

/** Compares splitting a received page into each record's exact text and value with JSON.parse of the page. */
export async function benchSplit(page: Page): Promise<readonly Ratio[]> {
  const body = Buffer.from(page.text)
  const source = createWebexSource({
    baseUrl: 'https://analytics-calling.webexapis.com/v1',
    signIn: createFixedSignIn({ reveal: () => 'token' }, systemClock),
    clock: systemClock,
    transport: async () => ({ status: 200, statusText: 'OK', headers: {}, body: [body] }),
  })
  const { signal } = new AbortController()
  const request = { kind: 'initial', window: { fromSec: 0, toSec: 60 }, max: 5_000 } as const
  const result = await measure(40, {
    baseline: () => void JSON.parse(page.text),
    measured: async () => {
      const prepared = await source.prepare(signal)
      if (prepared.kind !== 'ready') throw new Error('the source has no token')
      const answer = await prepared.send(request, (item) => item, signal)
      if (answer.kind !== 'page' || answer.items.length !== page.texts.length)
        throw new Error('the response is not the page')
    },
  })
  return [
    {
      what: 'bytes in memory to records (decode, split, parse) ÷ JSON.parse of the page',
      goal: { kind: 'reported' },
      ...result,
    },
  ]
}
