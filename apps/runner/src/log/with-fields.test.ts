import type { Logger } from '@cdrstream/plugin'
import { expect, test } from 'vitest'
import { withFields } from './with-fields.ts'

test("each line has its log's fields and cannot replace them", () => {
  const lines: unknown[] = []
  const write =
    (level: keyof Logger): Logger['info'] =>
    (message, fields) =>
      lines.push([level, message, fields])
  const log = { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') }
  const named = withFields(log, { sink: 'files' })

  named.debug('one')
  named.info('two', { records: 1 })
  named.warn('three', { sink: 'other' })
  named.error('four')

  expect(lines).toEqual([
    ['debug', 'one', { sink: 'files' }],
    ['info', 'two', { records: 1, sink: 'files' }],
    ['warn', 'three', { sink: 'files' }],
    ['error', 'four', { sink: 'files' }],
  ])
})
