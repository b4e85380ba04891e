import type { Batch, Refusal } from '@cdrstream/plugin'
import type { Session } from '../connection/session.ts'
import { RowEncoder, type RowRecord } from '../rows/row-encoder.ts'
import { lockStatement } from '../schema/lock.ts'
import { ByKey } from './by-key.ts'
import { copyRows } from './copy-rows.ts'
import { findRevisions, removeRows } from './known-records.ts'
import { placeRows } from './place-rows.ts'
import { positionStatement, readStanding, type StandingRow, standingStatement } from './positions.ts'
import { distinctRevisions, newestOfEachKey, rowsOf } from './rows-of.ts'

export interface WriteOptions {
  readonly schema: string
  readonly sink: string
  readonly rawText: boolean
  readonly keepRevisions: boolean
}

interface WrittenRows {
  readonly wereNew: boolean
  readonly refused: readonly Refusal[]
}

/**
 * Writes batches, each with the position behind it in one transaction. Of several writers one is here at a time, so that what was looked
 * up stays true.
 */
export class BatchWriter {
  readonly #options: WriteOptions
  /** Nothing of the batch before was known: as a rule, so it is with this one, and the look-up can be saved. */
  #expectsNew = false

  constructor(options: WriteOptions) {
    this.#options = options
  }

  async write(session: Session, { records, from, to }: Batch): Promise<readonly Refusal[]> {
    const { schema, sink, keepRevisions } = this.#options
    const [standings, { rows, refused }] = await Promise.all([
      session.begin<StandingRow>([lockStatement(schema), standingStatement(schema, from)]),
      rowsOf(records),
    ])
    const { isRewound, isHomeDoubtful } = readStanding(standings, sink, from)
    const mayCopy = this.#expectsNew && !isHomeDoubtful && !keepRevisions
    const copied = mayCopy ? await copyAsNew(session, rows, this.#options) : undefined
    const written = copied ?? (await lookUpAndWrite(session, rows, isHomeDoubtful, this.#options))
    await session.commit([positionStatement(schema, sink, to, isRewound)])
    this.#expectsNew = written.wereNew && (copied !== undefined || !mayCopy)
    return distinct([...refused, ...written.refused])
  }

  /** After an error nothing is sure. */
  forget(): void {
    this.#expectsNew = false
  }
}

/** Undefined, and nothing written: a row was known, or there are two of one key. Where homes are sure, the primary key tells. */
async function copyAsNew(
  session: Session,
  rows: readonly RowRecord[],
  options: WriteOptions,
): Promise<WrittenRows | undefined> {
  const encoder = new RowEncoder(options)
  const isCopied = await session.attempt(() => copyRows(session, 'record', encoder, rows, options))
  return isCopied ? { wereNew: true, refused: encoder.refused } : undefined
}

/** Looks up what is known, removes what is outranked, and copies in what is new. */
async function lookUpAndWrite(
  session: Session,
  rows: readonly RowRecord[],
  isHomeDoubtful: boolean,
  options: WriteOptions,
): Promise<WrittenRows> {
  const newest = newestOfEachKey(rows)
  const { placed, settled, outranked } = await placeRows(session, newest, isHomeDoubtful, options.schema)
  const wanted = placed.filter((row) => !settled.has(row))
  // Written before their elders are removed: one that is refused leaves its elder as it is.
  const encoder = new RowEncoder(options)
  const replacing = wanted.filter((row) => outranked.has(row) && encoder.add(row))
  await removeRows(session, replacing, options)
  const fresh = wanted.filter((row) => !outranked.has(row))
  if (wanted.length > 0) await copyRows(session, 'record', encoder, fresh, options)
  const others = options.keepRevisions ? await writeRevisions(session, rows, placed, options) : []
  return {
    wereNew: settled.size + outranked.size === 0,
    refused: [...encoder.refused, ...others],
  }
}

async function writeRevisions(
  session: Session,
  rows: readonly RowRecord[],
  placed: readonly RowRecord[],
  options: WriteOptions,
): Promise<readonly Refusal[]> {
  const homes = new ByKey<string>()
  for (const { record, home } of placed) homes.set(record.org, record.key, home)
  const wanted = distinctRevisions(rows).map((row) => ({
    ...row,
    home: homes.get(row.record.org, row.record.key) ?? row.home,
  }))
  const known = await findRevisions(session, options.schema, wanted)
  const encoder = new RowEncoder(options)
  const fresh = wanted.filter((_, at) => !known.has(at))
  if (fresh.length > 0) await copyRows(session, 'revision', encoder, fresh, options)
  return encoder.refused
}

function distinct(refused: readonly Refusal[]): readonly Refusal[] {
  return [...new Map(refused.map((refusal) => [refusal.index, refusal])).values()]
}
