import type { Batch, Refusal } from '@cdrstream/plugin'
import { type Connection, savepointStatement } from '../connection/connection.ts'
import { RowEncoder, type RowRecord } from '../rows/row-encoder.ts'
import { lockStatement } from '../schema/lock.ts'
import { copyRows } from './copy-rows.ts'
import { findRevisions, removeRows } from './known-records.ts'
import { placeRows } from './place-rows.ts'
import { placesByKey } from './places-by-key.ts'
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
  #encoder: RowEncoder
  /** Nothing of the batch before was known: as a rule, so it is with this one, and the look-up can be saved. */
  #expectsNew = false

  constructor(options: WriteOptions) {
    this.#options = options
    this.#encoder = new RowEncoder(options)
  }

  async write(connection: Connection, { records, from, to }: Batch): Promise<readonly Refusal[]> {
    const { schema, sink, keepRevisions } = this.#options
    const wantsToCopy = this.#expectsNew && !keepRevisions
    const [standings, { rows, refused }] = await Promise.all([
      connection.begin<StandingRow>([
        lockStatement(schema),
        // Behind the lock, which is to outlive the attempt.
        ...(wantsToCopy ? [savepointStatement] : []),
        standingStatement(schema, from),
      ]),
      rowsOf(records),
    ])
    const { isRewound, isHomeDoubtful } = readStanding(standings, sink, from)
    const mayCopy = wantsToCopy && !isHomeDoubtful
    const copied = mayCopy ? await copyAsNew(connection, rows, this.#encoder, this.#options) : undefined
    // What the server did not want any more may still be on its way.
    if (mayCopy && copied === undefined) this.forget()
    const written =
      copied ?? (await lookUpAndWrite(connection, rows, isHomeDoubtful, this.#encoder, this.#options))
    await connection.commit([positionStatement(schema, sink, to, isRewound)])
    this.#expectsNew = written.wereNew && (copied !== undefined || !mayCopy)
    return distinct([...refused, ...written.refused])
  }

  /** After an error nothing is sure: a COPY that was broken off may still hold the encoder. */
  forget(): void {
    this.#encoder = new RowEncoder(this.#options)
    this.#expectsNew = false
  }
}

/** Undefined, and nothing written: a row was known, or there are two of one key. Where homes are sure, the primary key tells. */
async function copyAsNew(
  connection: Connection,
  rows: readonly RowRecord[],
  encoder: RowEncoder,
  options: WriteOptions,
): Promise<WrittenRows | undefined> {
  encoder.begin()
  const isCopied = await connection.attempt(() => copyRows(connection, 'record', encoder, rows, options))
  return isCopied ? { wereNew: true, refused: encoder.refused } : undefined
}

/** Looks up what is known, removes what is outranked, and copies in what is new. */
async function lookUpAndWrite(
  connection: Connection,
  rows: readonly RowRecord[],
  isHomeDoubtful: boolean,
  encoder: RowEncoder,
  options: WriteOptions,
): Promise<WrittenRows> {
  const newest = newestOfEachKey(rows)
  const { placed, fresh, outranking } = await placeRows(connection, newest, isHomeDoubtful, options.schema)
  // Written before their elders are removed: one that is refused leaves its elder as it is.
  encoder.begin()
  const replacing = outranking.filter((row) => encoder.add(row))
  await removeRows(connection, replacing, options)
  if (fresh.length + outranking.length > 0) await copyRows(connection, 'record', encoder, fresh, options)
  const { refused } = encoder
  const others = options.keepRevisions ? await writeRevisions(connection, rows, placed, encoder, options) : []
  return { wereNew: fresh.length === newest.length, refused: [...refused, ...others] }
}

async function writeRevisions(
  connection: Connection,
  rows: readonly RowRecord[],
  placed: readonly RowRecord[],
  encoder: RowEncoder,
  options: WriteOptions,
): Promise<readonly Refusal[]> {
  const places = placesByKey(placed)
  const wanted = distinctRevisions(rows).map((row) => {
    const { org, key } = row.record
    const newest = placed[places.get(org)?.get(key) ?? -1]
    return { ...row, home: newest?.home ?? row.home }
  })
  const known = await findRevisions(connection, options.schema, wanted)
  encoder.begin()
  const fresh = wanted.filter((_, at) => !known.has(at))
  if (fresh.length > 0) await copyRows(connection, 'revision', encoder, fresh, options)
  return encoder.refused
}

function distinct(refused: readonly Refusal[]): readonly Refusal[] {
  return [...new Map(refused.map((refusal) => [refusal.index, refusal])).values()]
}
