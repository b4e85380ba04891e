import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { makeRecord } from './support/records.ts'
import { useTestSchema } from './support/test-schema.ts'
import { call } from './support/trial-sink.ts'

const schema = useTestSchema('sink_postgres_presence')

describe('the presence of a record', () => {
  test('is "present" if the table has the requested revision or a newer one', async () => {
    const trial = await schema.openSink()
    await trial.write(makeRecord('a'), makeRecord('b', { rank: 3 }), makeRecord('c', { org: 'globex' }))
    const asked = [
      makeRecord('a'),
      makeRecord('a', { rank: 2 }),
      makeRecord('b', { rank: 2 }),
      makeRecord('c'),
      makeRecord('c', { org: 'globex' }),
      makeRecord('d', { home: '2026-08-01' }),
    ]

    expect(await trial.session.holds?.(asked, call)).toEqual([
      'present',
      'absent',
      'present',
      'absent',
      'present',
      'absent',
    ])
  })

  test('is "present" under the home that another journal assigned', async () => {
    const trial = await schema.openSink()
    await trial.write(makeRecord('a', { home: '2026-09-01' }))

    expect(await trial.session.holds?.([makeRecord('a', { home: '2026-11-01' })], call)).toEqual(['present'])
  })

  test.each(['truncate', 'drop table', 'dropped month'])('is "absent" after a %s', async (what) => {
    const trial = await schema.openSink()
    const records = [makeRecord('a'), makeRecord('b', { home: '2026-11-02' })]
    await trial.write(...records)
    await schema.query(
      {
        truncate: `truncate ${schema.name}.record`,
        'drop table': `drop table ${schema.name}.record`,
        'dropped month': `drop table ${schema.name}.record_2026_11`,
      }[what] ?? '',
    )

    expect(await trial.session.holds?.(records, call)).toEqual(['absent', 'absent'])
    await trial.open()
    expect(await trial.session.holds?.(records, call)).toEqual(['absent', 'absent'])
  })

  test.each([
    ['correct', 0],
    ['500 days ahead', 500],
    ['500 days behind', -500],
  ])(
    'is "expired" if retention removes the record\'s month, with a clock that is %s',
    async (_, daysAhead) => {
      vi.useFakeTimers({ toFake: ['Date'], now: Date.UTC(2026, 10, 24) + daysAhead * 86_400_000 })
      onTestFinished(() => {
        vi.useRealTimers()
      })
      const trial = await schema.openSink({ retention: '40d' })
      const asked = [makeRecord('old', { home: '2026-09-30' }), makeRecord('lost', { home: '2026-10-01' })]
      expect(await trial.session.holds?.(asked, call)).toEqual(['absent', 'absent'])
      await trial.write(makeRecord('new', { home: '2026-11-24' }))

      expect(await trial.session.holds?.(asked, call)).toEqual(['expired', 'absent'])
      const keeping = await schema.openSink({}, 'journal-1', 'other')
      expect(await keeping.session.holds?.(asked, call)).toEqual(['absent', 'absent'])
    },
  )
})
