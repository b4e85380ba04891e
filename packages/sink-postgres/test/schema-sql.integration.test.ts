import { describe, expect, test } from 'vitest'
import { schemaSql } from '../src/schema/schema-sql.ts'
import { newestVersion } from '../src/schema/upgrades.ts'
import { makeRecord } from './support/records.ts'
import { useTestSchema } from './support/test-schema.ts'

const schema = useTestSchema('sink_postgres_schema_sql')
const { name } = schema
const run = (options: Parameters<typeof schemaSql>[0] = {}) =>
  schema.query(schemaSql({ schema: name, ...options }))

/** Returns the structure of the schema. */
const layout = () =>
  schema.query(`select relname, relkind, relispartition, pg_get_expr(relpartbound, oid) as bound,
    array(select attname::text || ' ' || format_type(atttypid, atttypmod) from pg_attribute
      where attrelid = c.oid and attnum > 0 and not attisdropped order by attname) as columns
    from pg_class c where relnamespace = '${name}'::regnamespace order by relname`)
const months = async () =>
  (
    await schema.query(
      `select inhrelid::regclass::text as partition from pg_inherits where inhparent = '${name}.record'::regclass order by 1`,
    )
  ).map(({ partition }) => String(partition).replace(/.*record_/, ''))

async function writesWithoutManaging(more: Readonly<Record<string, unknown>> = {}): Promise<void> {
  const trial = await schema.openSink({ manageSchema: false, ...more })
  expect(await trial.write(makeRecord('new'))).toEqual({ kind: 'accepted' })
  await trial.close()
}

describe('the schema SQL', () => {
  test('changes nothing when run again', async () => {
    await run({ keepRevisions: true, rawText: true, fromMonth: '2026-10' })
    const before = await layout()

    await expect(run({ keepRevisions: true, rawText: true, fromMonth: '2026-10' })).resolves.not.toThrow()

    expect(await layout()).toEqual(before)
    await writesWithoutManaging({ keepRevisions: true, rawText: true })
  })

  test('adds the next months when run again later', async () => {
    await run({ fromMonth: '2026-09', months: 3 })
    await writesWithoutManaging()

    await run({ fromMonth: '2026-11', months: 3 })

    expect(await months()).toEqual(['2026_09', '2026_10', '2026_11', '2026_12', '2027_01'])
    expect(await schema.query(`select key from ${name}.record`)).toEqual([{ key: 'new' }])
  })

  test('attaches a detached month', async () => {
    await run({ fromMonth: '2026-11', months: 1 })
    await schema.query(`alter table ${name}.record detach partition ${name}.record_2026_11`)

    await run({ fromMonth: '2026-11', months: 1 })

    expect(await months()).toEqual(['2026_11'])
  })

  test('adds the columns and tables that an option needs', async () => {
    await run({ fromMonth: '2026-11' })
    await writesWithoutManaging()

    await run({ fromMonth: '2026-11', keepRevisions: true, rawText: true })

    await writesWithoutManaging({ keepRevisions: true, rawText: true })
  })

  test("upgrades an earlier version's schema, which has fewer columns, and keeps its data", async () => {
    await run({ fromMonth: '2026-11' })
    await writesWithoutManaging()
    await schema.query(`drop index ${name}.record_key; alter table ${name}.record drop column call_type;
      update ${name}.migration set version = 1`)

    await run({ fromMonth: '2026-11' })

    expect(await schema.query(`select max(version) from ${name}.migration`)).toEqual([
      { max: newestVersion() },
    ])
    expect(await schema.query(`select key, call_type from ${name}.record`)).toEqual([
      { key: 'new', call_type: null },
    ])
    // Only future months get the index, because indexing existing months takes a long time.
    expect(
      await schema.query(`select indrelid::regclass::text as table from pg_index where indexrelid = '${name}.record_key'::regclass
        or indexrelid in (select inhrelid from pg_inherits where inhparent = '${name}.record_key'::regclass)`),
    ).toEqual([{ table: `${name}.record` }])
    await writesWithoutManaging()
  })

  test('can be run on a schema that the sink created', async () => {
    const trial = await schema.openSink({ keepRevisions: true })
    await trial.write(makeRecord('a'))
    await trial.close()

    await run({ keepRevisions: true })

    await writesWithoutManaging({ keepRevisions: true })
  })
})
