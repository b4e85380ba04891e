import type { Batch, CdrRecord, Position, Refusal } from '@cdrstream/plugin'
import { type Connection, savepointStatement } from '../connection/connection.ts'
import type { Repertoire } from '../rows/repertoire.ts'
import { RowEncoder, type TableRow } from '../rows/row-encoder.ts'
import { mergedForm, type RowForm, usualForm } from '../rows/row-form.ts'
import { lockStatement } from '../schema/lock.ts'
import { copyRows } from './copy-rows.ts'
import { findForm, mayFindForm } from './find-form.ts'
import { findRevisions, removeRows } from './known-records.ts'
import { placeRows } from './place-rows.ts'
import { placesByKey } from './places-by-key.ts'
import { positionStatement, readStanding, type StandingRow, standingStatement } from './positions.ts'
import { RowFault, refusalOf, withRowFaults } from './row-fault.ts'
import { distinctRevisions, newestOfEachKey, rowsOf } from './rows-of.ts'

export interface WriteOptions {
  readonly schema: string
  readonly sink: string
  readonly rawText: boolean
  readonly keepRevisions: boolean
  /** Which characters the database can store. Default: all. */
  readonly repertoire?: Repertoire | undefined
  /** The stored position, if it was issued by the journal that is being written. Default: unknown. */
  readonly owned?: Position | undefined
}

interface WrittenRows {
  readonly wereNew: boolean
  readonly refused: readonly Refusal[]
}

/**
 * Writes each batch and its end position in one transaction. Several writers take turns, so that a lookup
 * result remains valid until the commit.
 */
export class BatchWriter {
  readonly #options: WriteOptions
  #encoder: RowEncoder
  /**
   * Whether the previous batch had only new records, as most do. The next batch is then copied without a
   * lookup.
   */
  #expectsNew = false
  /** The position that was stored when the session was opened, until a batch is written. */
  #owned: Position | undefined

  constructor(options: WriteOptions) {
    this.#options = options
    this.#owned = options.owned
    this.#encoder = new RowEncoder(options)
  }

  /**
   * Writes a batch, and returns the records that can never be written. If there are any, none of the batch is
   * written.
   */
  async write(connection: Connection, batch: Batch): Promise<readonly Refusal[]> {
    const forms = new Map<CdrRecord, RowForm>()
    while (true) {
      try {
        const refused = await this.#write(connection, batch, forms)
        // A commit would move the position past the refused records before the engine has quarantined them.
        if (refused.length > 0) await connection.rollback()
        return refused
      } catch (error) {
        this.#reset()
        if (!(error instanceof RowFault)) throw error
        await connection.rollback()
        const refusal = await refusalOf(connection, error, this.#encoder, this.#options)
        if (refusal === undefined) throw error.cause
        const form = await this.#formOf(connection, error)
        this.#reset()
        if (form === undefined) return [refusal]
        forms.set(error.row.record, form)
      }
    }
  }

  /** Returns a form of the row that the server accepts and that has not been tried yet. */
  async #formOf(connection: Connection, { table, row, cause }: RowFault): Promise<RowForm | undefined> {
    if (!mayFindForm(cause)) return undefined
    const { form: given = usualForm } = row
    const found = await findForm(connection, table, row, this.#encoder, this.#options)
    if (found === undefined) return undefined
    const form = mergedForm(given, found)
    const isNew = form.withheld.size > given.withheld.size || form.extraAsText !== given.extraAsText
    return isNew ? form : undefined
  }

  async #write(
    connection: Connection,
    { records, from, to }: Batch,
    forms: ReadonlyMap<CdrRecord, RowForm>,
  ): Promise<readonly Refusal[]> {
    const { schema, sink, keepRevisions } = this.#options
    const wantsToCopy = this.#expectsNew && !keepRevisions
    const [standings, { rows, refused }] = await Promise.all([
      connection.begin<StandingRow>([
        lockStatement(schema),
        // The savepoint is set after the lock, so that the lock is kept if the attempt fails.
        ...(wantsToCopy ? [savepointStatement] : []),
        standingStatement(schema, from),
      ]),
      rowsOf(records, forms),
    ])
    if (refused.length > 0) return refused
    const { isRewound, isHomeDoubtful } = readStanding(standings, sink, from, this.#owned)
    const mayCopy = wantsToCopy && !isHomeDoubtful
    const copied = mayCopy ? await copyAsNew(connection, rows, this.#encoder, this.#options) : undefined
    // The rest of the failed COPY, in the encoder's memory, may not have been sent completely yet.
    if (mayCopy && copied === undefined) this.#reset()
    const written =
      copied ?? (await lookUpAndWrite(connection, rows, isHomeDoubtful, this.#encoder, this.#options))
    if (written.refused.length > 0) return written.refused
    await connection.commit([positionStatement(schema, sink, to, isRewound)])
    // Only the first batch of a session can begin a replay.
    this.#owned = undefined
    this.#expectsNew = written.wereNew && (copied !== undefined || !mayCopy)
    return []
  }

  /** Starts over with a new encoder, because an aborted COPY may still read the old encoder's memory. */
  #reset(): void {
    this.#encoder = new RowEncoder(this.#options)
    this.#expectsNew = false
  }
}

/**
 * Copies the rows without a lookup. Returns undefined and writes nothing if the primary key rejects a row,
 * because its key is in the table or twice in the batch. Valid only while homes are certain.
 */
async function copyAsNew(
  connection: Connection,
  rows: readonly TableRow[],
  encoder: RowEncoder,
  options: WriteOptions,
): Promise<WrittenRows | undefined> {
  encoder.begin()
  const isCopied = await withRowFaults('record', encoder, rows, () =>
    connection.attempt(() => copyRows(connection, 'record', encoder, rows, options)),
  )
  return isCopied ? { wereNew: true, refused: encoder.refused } : undefined
}

/** Looks up the rows, removes earlier revisions, and copies the new revisions. Stops if rows are refused. */
async function lookUpAndWrite(
  connection: Connection,
  rows: readonly TableRow[],
  isHomeDoubtful: boolean,
  encoder: RowEncoder,
  options: WriteOptions,
): Promise<WrittenRows> {
  const newest = newestOfEachKey(rows)
  const { placed, fresh, outranking } = await placeRows(connection, newest, isHomeDoubtful, options.schema)
  const wereNew = fresh.length === newest.length
  encoder.begin()
  for (const row of outranking) encoder.add(row)
  if (encoder.refused.length > 0) return { wereNew, refused: encoder.refused }
  await removeRows(connection, outranking, options)
  if (fresh.length + outranking.length > 0) {
    await withRowFaults('record', encoder, [...outranking, ...fresh], () =>
      copyRows(connection, 'record', encoder, fresh, options),
    )
  }
  if (!options.keepRevisions || encoder.refused.length > 0) return { wereNew, refused: encoder.refused }
  return { wereNew, refused: await writeRevisions(connection, rows, placed, encoder, options) }
}

async function writeRevisions(
  connection: Connection,
  rows: readonly TableRow[],
  placed: readonly TableRow[],
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
  if (fresh.length > 0) {
    await withRowFaults('revision', encoder, fresh, () =>
      copyRows(connection, 'revision', encoder, fresh, options),
    )
  }
  return encoder.refused
}
