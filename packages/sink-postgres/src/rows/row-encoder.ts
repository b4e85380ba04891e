import type { CdrRecord, Refusal } from '@cdrstream/plugin'
import { ByteWriter } from './byte-writer.ts'
import { escaped, extraJson, inAscii } from './extra-json.ts'
import { writeFields } from './generated/write-fields.ts'
import { holdsAll, type Repertoire } from './repertoire.ts'
import { fieldsOf, type RowForm, usualForm } from './row-form.ts'
import { tableColumns } from './table-columns.ts'
import { isTime, type Unheld } from './value-writers.ts'

/** A record on its way into the tables, as a row. */
export interface TableRow {
  /** Its index in the batch. */
  readonly index: number
  readonly record: CdrRecord
  /** The day that the key has in the tables, usually the record's own. */
  readonly home: string
  /** Default: every value that its column can hold is there. */
  readonly form?: RowForm | undefined
}

export interface RowEncoderOptions {
  readonly rawText: boolean
  /** What the database can hold. Default: all. */
  readonly repertoire?: Repertoire | undefined
}

/** A signature, no flags, no extension: https://www.postgresql.org/docs/18/sql-copy.html. */
const head: Uint8Array = Buffer.from('PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0', 'latin1')
const noMoreRows = -1

const dayMs = 86_400_000

/**
 * Writes records as rows of `tableColumns`, for COPY … (FORMAT binary). In that form the server takes any
 * bytes for a number or a time, so every value is checked here. A value that its column cannot hold goes to
 * `extra`, under the field's own name.
 *
 * Keep an encoder for the next rows: V8 drops the optimized code of a class when it collects garbage and
 * there is no object of it.
 */
export class RowEncoder {
  readonly #writer: ByteWriter
  readonly #rawText: boolean
  readonly #repertoire: Repertoire
  readonly #columns: number
  #refused: Refusal[] = []
  #home = ''
  #homeDay = Number.NaN

  constructor({ rawText, repertoire = holdsAll }: RowEncoderOptions) {
    this.#writer = new ByteWriter(repertoire)
    this.#repertoire = repertoire
    this.#rawText = rawText
    this.#columns = tableColumns({ rawText }).length
  }

  /** Starts a COPY. Overwrites the bytes of the one before. */
  begin(): void {
    this.#refused = []
    this.#writer.begin()
    this.#writer.bytes(head)
  }

  /** How many bytes were written since `take`. */
  get bytes(): number {
    return this.#writer.size
  }

  /** The records since `begin` that have no row. */
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

  /** Returns the same after the last row. */
  end(): Buffer {
    this.#writer.int16(noMoreRows)
    return this.#writer.take()
  }

  /** Returns the day in days since 1970. Neighbouring records usually have the same one. */
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
    if (!isTime(acceptedAtMs)) return 'its time of acceptance is not a time'
    writer.int16(this.#columns)
    if (!writer.text(org) || !writer.text(key)) return 'its key is not a text that PostgreSQL can hold'
    writer.bigint(rank)
    writer.date(homeDay)
    writer.text(source)
    writer.timestamp(acceptedAtMs)
    const unheld: Unheld = []
    writeFields(writer, fieldsOf(record, form, unheld), unheld)
    const json = extraJson(record, unheld, { repertoire: this.#repertoire, asText: form.extraAsText })
    if (json === null) writer.null()
    else writer.jsonb(json)
    if (this.#rawText) {
      const text = fitForText(record.text)
      if (!writer.text(text)) writer.text(inAscii(text))
    }
    return null
  }
}

/** What PostgreSQL cannot hold can only be inside a string of the JSON, where an escape means the same. */
function fitForText(json: string): string {
  if (json.isWellFormed() && !json.includes('\0')) return json
  return json.replace(/\0|\p{Surrogate}/gu, escaped)
}
