import { Client } from 'pg'
import { describe, expect, onTestFinished, test } from 'vitest'
import { makeRecord } from './support/records.ts'
import { useTestSchema } from './support/test-schema.ts'
import { call } from './support/trial-sink.ts'

const schema = useTestSchema('sink_postgres_abandoned')

const waiting = async () =>
  (
    await schema.query(`select 1 from pg_stat_activity
      where application_name = 'cdrstream' and wait_event_type = 'Lock' and query like 'copy "${schema.name}"%'`)
  ).length

/** Blocks every COPY until the test ends. */
async function blockCopies(): Promise<void> {
  const client = new Client({ connectionString: schema.url() })
  await client.connect()
  onTestFinished(() => client.end())
  await client.query(`begin; lock table ${schema.name}.record_2026_11 in share mode`)
}

describe('a batch that is aborted while the server waits for a lock', () => {
  test('soon ends on the server, so that it does not block the next session', async () => {
    const trial = await schema.openSink()
    await trial.write(makeRecord('first'))
    await blockCopies()
    const aborted = new AbortController()
    const writing = trial.writeUntil(aborted.signal, makeRecord('a'))
    await expect.poll(waiting).toBe(1)

    aborted.abort(new Error('too slow'))

    expect(await writing).toMatchObject({ kind: 'retry' })
    expect(await trial.open()).toEqual({ incarnation: 'journal-1', offset: 1, commit: 'commit-1' })
    expect(await waiting()).toBe(0)
    // The record is in a month that is not blocked.
    expect(await trial.write(makeRecord('b', { home: '2026-10-01' }))).toEqual({ kind: 'accepted' })
  })
})

describe('the connection of a session', () => {
  /** Matches connections whose last statement used this schema, as the last statement of `holds` does. */
  const condition = `application_name = 'cdrstream' and query like '%"${schema.name}"%'`
  const connections = () => schema.query(`select 1 from pg_stat_activity where ${condition}`)

  test('that breaks → each write returns retry, and close succeeds', async () => {
    const trial = await schema.openSink()
    await trial.session.holds?.([makeRecord('a')], call)
    await schema.query(`select pg_terminate_backend(pid) from pg_stat_activity where ${condition}`)

    expect(await trial.write(makeRecord('a'))).toMatchObject({ kind: 'retry' })
    expect(await trial.write(makeRecord('a'))).toMatchObject({ kind: 'retry' })
    await expect(trial.session.holds?.([makeRecord('a')], call)).rejects.toThrow()
    await trial.close()
  })

  test('is closed by close even with an aborted signal, and check closes its own connection', async () => {
    const trial = await schema.openSink()
    await trial.session.holds?.([makeRecord('a')], call)
    await trial.sink.check?.(call)
    await expect.poll(connections).toHaveLength(1)

    await trial.session.close?.({ signal: AbortSignal.abort() })

    await expect.poll(connections).toEqual([])
  })
})
