import type { Mark, MarkGap } from '@cdrstream/plugin'
import { Client } from 'pg'
import { describe, expect, onTestFinished, test } from 'vitest'
import { lockStatement } from '../src/schema/lock.ts'
import { useTestSchema } from './support/test-schema.ts'
import { call } from './support/trial-sink.ts'

const schema = useTestSchema('sink_postgres_marks')
const noonMs = Date.UTC(2026, 10, 24, 12)
const minuteMs = 60_000

function mark(
  completeThroughMs: number,
  gaps: readonly MarkGap[] = [],
  fromMs = noonMs - 60 * minuteMs,
): Mark {
  return { org: 'acme', fromMs, completeThroughMs, gaps }
}

const coverage = () =>
  schema.query(`select org, complete_through, gaps from ${schema.name}.coverage order by org`)

const waiting = () =>
  schema.query(`select 1 from pg_stat_activity where application_name = 'cdrstream'
    and wait_event_type = 'Lock' and query like '%"${schema.name}".coverage%'`)

describe('marks', () => {
  test("store how far each org's records are complete and why gaps exist, and never move back", async () => {
    const { session } = await schema.openSink()
    const gap = { fromMs: noonMs - minuteMs, toMs: noonMs - 30_000, reason: 'refused' } as const
    await session.mark?.([mark(noonMs, [gap]), { ...mark(noonMs), org: 'globex' }], call)
    await session.mark?.([mark(noonMs - 1_000), { ...mark(noonMs + 1_000), org: 'globex' }], call)

    expect(await coverage()).toEqual([
      {
        org: 'acme',
        complete_through: new Date(noonMs),
        gaps: [{ from: '2026-11-24T11:59:00.000Z', to: '2026-11-24T11:59:30.000Z', reason: 'refused' }],
      },
      { org: 'globex', complete_through: new Date(noonMs + 1_000), gaps: [] },
    ])
  })

  test('keep the gaps before their span, and add a gap between the stored mark and their span', async () => {
    const { session } = await schema.openSink()
    await schema.query(`insert into ${schema.name}.coverage (org, complete_through, gaps) values ('acme',
      '2026-11-24T11:30:00Z', '[{"from": "2026-11-24T10:00:00.000Z", "to": "2026-11-24T10:01:00.000Z"}]')`)

    await session.mark?.([mark(noonMs, [], noonMs - 10 * minuteMs)], call)

    expect(await coverage()).toMatchObject([
      {
        complete_through: new Date(noonMs),
        gaps: [
          { from: '2026-11-24T10:00:00.000Z', to: '2026-11-24T10:01:00.000Z', reason: 'not-collected' },
          { from: '2026-11-24T11:30:00.000Z', to: '2026-11-24T11:50:00.000Z', reason: 'not-collected' },
        ],
      },
    ])
  })

  test('that another collector stores at the same time are not replaced by earlier ones', async () => {
    const { session } = await schema.openSink()
    const other = new Client({ connectionString: schema.url() })
    await other.connect()
    onTestFinished(() => other.end())
    await other.query(`begin; ${lockStatement(schema.name)}; insert into ${schema.name}.coverage
      (org, complete_through, gaps) values ('acme', '2026-11-24T13:00:00Z', '[]')`)

    const marking = session.mark?.([mark(noonMs)], call)
    await expect.poll(waiting).toHaveLength(1)
    await other.query('commit')
    await marking

    expect(await coverage()).toMatchObject([{ complete_through: new Date(noonMs + 60 * minuteMs) }])
  })

  test('that cannot be stored cause an error, and the session remains usable', async () => {
    const { session } = await schema.openSink()
    await schema.query(`alter table ${schema.name}.coverage rename to gone`)
    await expect(session.mark?.([mark(noonMs)], call)).rejects.toThrow()
    await schema.query(`alter table ${schema.name}.gone rename to coverage`)

    await session.mark?.([mark(noonMs)], call)

    expect(await coverage()).toHaveLength(1)
  })
})
