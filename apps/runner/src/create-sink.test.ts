import { expect, test } from 'vitest'
import { createSink } from './create-sink.ts'

const context = {
  name: 'mine',
  baseDirectory: '/',
  log: { debug() {}, info() {}, warn() {}, error() {} },
}

test('a sink whose create throws fails to open, with a remedy', async () => {
  const cause = new Error('not like this')
  const create = () => {
    throw cause
  }

  const sink = createSink({ create }, context)

  const call = { signal: new AbortController().signal, acknowledged: null, owns: async () => true }
  expect(await sink.open(call)).toMatchObject({ kind: 'failed', code: 'create-failed', cause })
})
