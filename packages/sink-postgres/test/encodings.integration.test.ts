import { sharedPostgresUrl } from '@cdrstream-internal/services'
import { describe, expect, test } from 'vitest'
import { textMember } from '../src/rows/extra-json.ts'
import { makeRecord } from './support/records.ts'
import { call, makeSink, queryAt, TrialSink } from './support/trial-sink.ts'

/** Does the work in a new database with this encoding. */
async function inDatabase(encoding: string, work: (url: string) => Promise<void>): Promise<void> {
  const url = await sharedPostgresUrl()
  const name = `sink_postgres_${encoding.toLowerCase()}`
  const drop = `drop database if exists ${name} with (force)`
  await queryAt(url, drop)
  await queryAt(url, `create database ${name} encoding '${encoding}' template template0 locale 'C'`)
  try {
    const own = new URL(url)
    own.pathname = `/${name}`
    await work(own.href)
  } finally {
    await queryAt(url, drop)
  }
}

/** Returns the data that a reader finds: the column `user` and everything in `extra`. */
async function readRecords(url: string) {
  const rows = await queryAt(url, 'select key, "user", extra, raw from cdr.record order by key')
  return rows.map(({ key, user, extra, raw }) => {
    const { [textMember]: text = '{}', ...others } = (extra ?? {}) as Readonly<Record<string, string>>
    return { key, user, extra: { ...others, ...JSON.parse(text) }, raw: JSON.parse(String(raw)) }
  })
}

const texts = [
  'Ann',
  'Müller',
  '€uro “quoted”',
  'Łódź',
  '山田',
  'Здравствуй',
  '😀',
  '\u0080\u0099',
  'half \ud800',
]
const records = texts.map((text, at) =>
  makeRecord(`${at}`, { json: { User: text, 'New field': text, [`Name ${text}`]: [text] } }),
)

describe.each([
  ['LATIN1', ['Ann', 'Müller', '\u0080\u0099']],
  ['WIN1252', ['Ann', 'Müller', '€uro “quoted”']],
  ['LATIN2', ['Ann', 'Müller', 'Łódź', '\u0080\u0099']],
  ['KOI8R', ['Ann', 'Здравствуй']],
  ['EUC_JP', ['Ann']],
  ['SQL_ASCII', texts.filter((text) => text.isWellFormed())],
])('a database with the encoding %s', (encoding, inColumn) => {
  test('loses no characters: values outside the encoding are in extra', () =>
    inDatabase(encoding, async (url) => {
      const trial = new TrialSink({ url, rawText: true })
      await trial.open()

      expect(await trial.write(...records)).toEqual({ kind: 'accepted' })
      await trial.close()

      const found = await readRecords(url)
      expect(found).toHaveLength(texts.length)
      for (const [at, text] of texts.entries()) {
        const isInColumn = inColumn.includes(text)
        expect(found[at]).toMatchObject({
          user: isInColumn ? text : null,
          extra: { 'New field': text, [`Name ${text}`]: [text] },
          raw: { User: text },
        })
        if (!isInColumn) expect(found[at]?.extra).toMatchObject({ User: text })
      }
    }))

  test('makes the check warn', () =>
    inDatabase(encoding, async (url) => {
      const findings = await makeSink({ url }).check?.(call)
      expect(findings).toContainEqual(expect.objectContaining({ level: 'warning', code: 'encoding' }))
    }))
})
