import type { SpanContext } from '@opentelemetry/api'
import { expect, test } from 'vitest'
import { PageTraces } from './page-traces.ts'

const context = (n: number): SpanContext => ({ traceId: `t${n}`, spanId: `s${n}`, traceFlags: 1 })

test('a batch is linked to the pages that contained its records', () => {
  const pages = new PageTraces()
  pages.note({ fromOffset: 0, toOffset: 10, context: context(1) })
  pages.note({ fromOffset: 10, toOffset: 10, context: context(2) })
  pages.note({ fromOffset: 10, toOffset: 30, context: context(3) })

  expect(pages.of(0, 10)).toEqual([context(1)])
  expect(pages.of(9, 11)).toEqual([context(1), context(3)])
  expect(pages.of(10, 30)).toEqual([context(3)])
  expect(pages.of(30, 40)).toEqual([])
})

test('only the latest pages are remembered, and a batch has at most 32 links', () => {
  const pages = new PageTraces()
  for (let n = 0; n < 5_000; n += 1) pages.note({ fromOffset: n, toOffset: n + 1, context: context(n) })

  expect(pages.of(0, 4_000)).toEqual([])
  expect(pages.of(0, 5_000)).toHaveLength(32)
  expect(pages.of(4_999, 5_000)).toEqual([context(4_999)])
})
