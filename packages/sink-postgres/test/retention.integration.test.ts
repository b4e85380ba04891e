import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { makeRecord } from './support/records.ts'
import { useTestSchema } from './support/test-schema.ts'

const schema = useTestSchema('sink_postgres_retention')
const dayMs = 86_400_000

const keys = async () =>
  (await schema.query(`select key from ${schema.name}.record order by key`)).map(({ key }) => key)
const months = async () =>
  (
    await schema.query(`select relname from pg_class where relname ~ '^record_\\d{4}_\\d{2}$'
      and relnamespace = '${schema.name}'::regnamespace order by relname`)
  ).map(({ relname }) => relname)

function setClock(ms: number): void {
  vi.useFakeTimers({ toFake: ['Date'], now: ms })
  onTestFinished(() => {
    vi.useRealTimers()
  })
}

describe('retention', () => {
  const newestMs = Date.UTC(2026, 10, 24)
  const records = ['2025-09-30', '2025-10-31', '2026-05-01', '2026-11-24'].map((home) =>
    makeRecord(home, { home }),
  )

  test.each([
    ['drops the months that have expired', 0, ['2025-10-31', '2026-05-01', '2026-11-24']],
    ['drops no more if the clock is 500 days ahead', 500, ['2025-10-31', '2026-05-01', '2026-11-24']],
    [
      'drops nothing if the clock is 500 days behind',
      -500,
      ['2025-09-30', '2025-10-31', '2026-05-01', '2026-11-24'],
    ],
  ])('%s', async (_, daysAhead, expected) => {
    await (await schema.openSink()).write(...records)
    setClock(newestMs + daysAhead * dayMs)

    for (let start = 0; start < 2; start += 1)
      await schema.openSink({ retention: '400d', keepRevisions: true })

    expect(await keys()).toEqual(expected)
  })

  test('drops nothing from a table without records, regardless of the clock', async () => {
    await schema.openSink()
    const before = await months()
    setClock(Date.now() + 500 * dayMs)

    await schema.openSink({ retention: '31d' })

    expect(await months()).toEqual(expect.arrayContaining([...before]))
  })

  test('drops an expired month while the sink is running, with the first batch of a day', async () => {
    setClock(newestMs)
    const trial = await schema.openSink({ retention: '400d' })
    await trial.write(...records.slice(1))
    expect(await keys()).toContain('2025-10-31')
    setClock(newestMs + 20 * dayMs)

    await trial.write(makeRecord('later', { home: '2026-12-14' }))
    await trial.write(makeRecord('latest', { home: '2026-12-14' }))
    setClock(newestMs + 21 * dayMs)
    await trial.write(makeRecord('last', { home: '2026-12-15' }))

    expect(await keys()).toEqual(['2026-05-01', '2026-11-24', 'last', 'later', 'latest'])
  })
})
