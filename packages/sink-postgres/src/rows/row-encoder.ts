import type { CdrRecord, Refusal } from '@cdrstream/plugin'
import { ByteWriter } from './byte-writer.ts'
import { escaped, extraJson, inAscii } from './extra-json.ts'
import { writeFields } from './generated/write-fields.ts'
import { allCharacters, type Repertoire } from './repertoire.ts'
import { fieldsOf, type RowForm, usualForm } from './row-form.ts'
import { tableColumns } from './table-columns.ts'
import { isTime, type Unstorable } from './value-writers.ts'

/** A record in a batch, to be written as a row. */
export interface TableRow {
  /** The record's index in the batch. */
  readonly index: number
  readonly record: CdrRecord
  /** The home of the key in the tables, usually the record's home. */
  readonly home: string
  /** Default: each value is in its column if the column can hold it. */
  readonly form?: RowForm | undefined
}

export interface RowEncoderOptions {
  readonly rawText: boolean
  /** Which characters the database can store. Default: all. */
  readonly repertoire?: Repertoire | undefined
}

/** The header: signature, no flags, no extension (https://www.postgresql.org/docs/18/sql-copy.html). */
const head: Uint8Array = Buffer.from('PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0', 'latin1')
const noMoreRows = -1

const dayMs = 86_400_000

/**
 * Encodes records as rows of `tableColumns`, for COPY … (FORMAT binary). The server accepts any bytes as a
 * binary number or time, so every value is checked here. A value that its column cannot hold is stored in
 * `extra`, under the field's name in the API.
 *
 * Reuse an encoder for the next rows: V8 discards the optimized code of a class if it has no instance during
 * a garbage collection.
 */
export class RowEncoder {
  readonly #writer: ByteWriter
  readonly #rawText: boolean
  readonly #repertoire: Repertoire
  readonly #columns: number
  #refused: Refusal[] = []
  #home = ''
  #homeDay = Number.NaN

  constructor({ rawText, repertoire = allCharacters }: RowEncoderOptions) {
    this.#writer = new ByteWriter(repertoire)
    this.#repertoire = repertoire
    this.#rawText = rawText
    this.#columns = tableColumns({ rawText }).length
  }

  /** Starts a COPY. Overwrites the bytes of the previous COPY. */
  begin(): void {
    this.#refused = []
    this.#writer.begin()
    this.#writer.bytes(head)
  }

  /** How many bytes were written since the last `take`. */
  get bytes(): number {
    return this.#writer.size
  }

  /** The records that were refused since `begin`. */
  get refused(): readonly Refusal[] {
    return this.#refused
  }

  /** Writes a row. Returns false if the record is refused. */
  add(row: TableRow): boolean {
    const before = this.#writer.size
    const problem = this.#problemOf(row)
    if (problem === null) return true
    this.#writer.rewind(before)
    this.#refused.push({ index: row.index, reason: problem })
    return false
  }

  /** Returns the bytes since the last `take`. They stay intact until `begin`. */
  take(): Buffer {
    return this.#writer.take()
  }

  /** Writes the trailer, and returns the bytes since the last `take`. */
  end(): Buffer {
    this.#writer.int16(noMoreRows)
    return this.#writer.take()
  }

  /**
   * Returns the home in days since 1970. The last home is cached, because consecutive records often share it.
   */
  #dayOf(home: string): number {
    if (home !== this.#home) {
      this.#home = home
      this.#homeDay = Date.parse(home) / dayMs
    }
    return this.#homeDay
  }

  #problemOf(row: TableRow): string | null {
    try {
      return this.#write(row)
    } catch {
      // The error may quote the record.
      return 'its text cannot be read'
    }
  }

  #write({ record, home, form = usualForm }: TableRow): string | null {
    const writer = this.#writer
    const { org, key, rank, source, acceptedAtMs } = record
    const homeDay = this.#dayOf(home)
    if (!Number.isInteger(homeDay)) return 'its home is not a day'
    if (!Number.isSafeInteger(rank)) return 'its rank is not a safe integer'
    if (!isTime(acceptedAtMs)) return 'its acceptance time is not a time'
    writer.int16(this.#columns)
    if (!writer.text(org) || !writer.text(key))
      return 'its key contains characters that PostgreSQL cannot store'
    writer.bigint(rank)
    writer.date(homeDay)
    writer.text(source)
    writer.timestamp(acceptedAtMs)
    const unstorable: Unstorable = []
    writeFields(writer, fieldsOf(record, form, unstorable), unstorable)
    const json = extraJson(record, unstorable, { repertoire: this.#repertoire, asText: form.extraAsText })
    if (json === null) writer.null()
    else writer.jsonb(json)
    if (this.#rawText) {
      const text = fitForText(record.text)
      if (!writer.text(text)) writer.text(inAscii(text))
    }
    return null
  }
}

/**
 * Escapes what PostgreSQL cannot store. Such characters can occur only in JSON strings, where escapes are
 * valid.
 */
function fitForText(json: string): string {
  if (json.isWellFormed() && !json.includes('\0')) return json
  return json.replace(/\0|\p{Surrogate}/gu, escaped)
}
