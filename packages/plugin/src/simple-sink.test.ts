import { describe, expect, it } from 'vitest'
import type { Batch } from './batch.ts'
import { type SimpleSink, toSink } from './simple-sink.ts'
import type { Sink } from './sink.ts'

const call = { signal: new AbortController().signal, acknowledged: null, owns: async () => true }
const start = { incarnation: 'j', offset: 0, commit: '' }
const batch: Batch = { records: [], from: start, to: start }

describe('a sink that is its own session', () => {
  class Counter implements SimpleSink {
    written = 0
    isClosed = false
    async write() {
      this.written += 1
      return { kind: 'accepted' } as const
    }
    async close() {
      this.isClosed = true
    }
  }

  it('opens as its own session, with the methods that it implements', async () => {
    const counter = new Counter()
    const opened = await toSink(counter).open(call)
    if (opened.kind !== 'opened') throw new Error('not opened')
    await opened.session.write(batch, call)
    await opened.session.close?.(call)
    expect(counter).toMatchObject({ written: 1, isClosed: true })
    expect(opened.session.flush).toBeUndefined()
  })

  it('opens with the outcome of its own `open`', async () => {
    const failed = { kind: 'failed', code: 'denied', remedy: 'GRANT' } as const
    const write = async () => ({ kind: 'accepted' }) as const
    expect(await toSink({ write, open: async () => failed }).open(call)).toEqual(failed)
    const position = toSink({ write, open: async () => ({ kind: 'opened', position: start }) })
    expect(await position.open(call)).toMatchObject({ kind: 'opened', position: start })
  })
})

it('a sink that opens sessions is returned unchanged', () => {
  const sink: Sink = { open: async () => ({ kind: 'retry' }) }
  expect(toSink(sink)).toBe(sink)
})

it.each([undefined, null, {}, 'sink', { write: 1 }])(
  'toSink throws a TypeError for %j, which is not a sink',
  (created) => {
    expect(() => toSink(created as unknown as Sink)).toThrow(TypeError)
  },
)
