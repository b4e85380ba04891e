import { catalogue } from '@cdrstream/catalogue'
import type { CdrFields, CdrRecord } from '@cdrstream/plugin'
import { appendRecords, changing, type Fault, isReadable, type SessionTwist } from './break-sink.ts'

const maxInteger = 2 ** 31 - 1
const maxExtras = 100
const maxRecords = 1_000

/** Sinks that lose or change records. */
export const contentFaults = {
  'loses-all-beyond-a-thousand': {
    fails: 'every-record-written',
    session: (good) => ({
      write: (batch, call) => good.write({ ...batch, records: batch.records.slice(0, maxRecords) }, call),
    }),
  },
  'cuts-integers': { fails: 'fields-kept', session: changing((record) => changed(record, cutInteger)) },
  'drops-many-extras': {
    fails: 'unknown-fields-kept',
    session: changing((record) =>
      isReadable(record) && record.extra.size > maxExtras ? withParts(record, { extra: new Map() }) : record,
    ),
  },
  'folds-keys': {
    fails: 'odd-keys-kept',
    session: changing((record) => withParts(record, { key: record.key.trim().toLowerCase() })),
  },
  'mixes-orgs': {
    fails: 'orgs-kept-apart',
    session: changing((record) => withParts(record, { org: record.org.replace(/-b$/, '') })),
  },
  'repairs-text': { fails: 'hostile-text', session: changing((record) => changed(record, repairText)) },
  'compares-ranks-roughly': {
    fails: 'higher-rank-wins',
    session: ranking((rank, known) => (rank === known + 1 ? 'ignore' : 'pass-on')),
  },
  'stores-late-revisions-elsewhere': {
    fails: 'lower-rank-loses',
    session: ranking((rank, known) => (rank === known - 1 ? 'elsewhere' : 'pass-on')),
  },
  'accepts-equal-ranks': {
    fails: 'equal-rank-changes-nothing',
    session: ranking((rank, known, differs) => (rank === known && differs ? 'write' : 'pass-on')),
  },
  'partitions-by-start-time': {
    fails: 'start-time-moves',
    session: changing((record) => withParts(record, { home: startMonth(record) ?? record.home })),
  },
  'keeps-the-last-of-a-batch': {
    fails: 'revisions-in-one-batch',
    session: (good) => ({
      write(batch, call) {
        const records = batch.records.filter(
          ({ org, key }, index) =>
            !batch.records.slice(index + 1).some((later) => later.org === org && later.key === key),
        )
        return records.length === batch.records.length || !batch.records.every(isReadable)
          ? good.write(batch, call)
          : good.write({ ...batch, records }, call)
      },
    }),
  },
} as const satisfies Readonly<Record<string, Fault>>

/** Returns a changed record without reading its fields, because reading a torn record's fields throws. */
function withParts(record: CdrRecord, change: Partial<CdrRecord>): CdrRecord {
  return Object.create(record, Object.getOwnPropertyDescriptors(change))
}

function changed(record: CdrRecord, change: (value: unknown, isInteger: boolean) => unknown): CdrRecord {
  if (!isReadable(record)) return record
  const fields = Object.fromEntries(
    catalogue.map(({ column, type }) => [column, change(record.fields[column], type === 'integer-string')]),
  ) as unknown as CdrFields
  const extra = new Map([...record.extra].map(([name, value]) => [name, change(value, false)]))
  return withParts(record, { fields, extra })
}

function cutInteger(value: unknown, isInteger: boolean): unknown {
  return isInteger && typeof value === 'number' ? Math.min(value, maxInteger) : value
}

function repairText(value: unknown): unknown {
  return typeof value === 'string' ? value.toWellFormed().replaceAll('\0', '') : value
}

/**
 * Returns the first day of the month in which the call began, or undefined if its home is in the same month.
 */
function startMonth(record: CdrRecord): string | undefined {
  if (!isReadable(record) || record.fields.start_time === null) return undefined
  const month = new Date(record.fields.start_time).toISOString().slice(0, 7)
  return record.home.startsWith(month) ? undefined : `${month}-01`
}

type Verdict = 'ignore' | 'write' | 'elsewhere' | 'pass-on'

/** Makes a session decide what to do with a record by the last rank that it has seen for the key. */
function ranking(decide: (rank: number, known: number, differs: boolean) => Verdict): SessionTwist {
  return (good, { options }) => {
    const known = new Map<string, CdrRecord>()
    return {
      async write(batch, call) {
        const verdicts = batch.records.map((record): Verdict => {
          const before = known.get(record.key)
          if (before === undefined) return 'pass-on'
          return decide(record.rank, before.rank, before.text !== record.text)
        })
        const chosen = (verdict: Verdict) => batch.records.filter((_, index) => verdicts[index] === verdict)
        appendRecords(options, chosen('write'))
        appendRecords(
          options,
          chosen('elsewhere').map((record) => withParts(record, { home: '1970-01-01' })),
        )
        const outcome = await good.write({ ...batch, records: chosen('pass-on') }, call)
        for (const record of outcome.kind === 'accepted' ? batch.records : []) known.set(record.key, record)
        return outcome
      },
    }
  }
}
