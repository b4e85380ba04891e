import type { CdrRecord } from '@cdrstream/plugin'
import { escapeMark, markName } from './escape-mark.ts'

const scratchBytes = 1_048_576
/** UTF-8 needs at most three bytes for each UTF-16 code unit. */
const maxBytesPerUnit = 3

/**
 * Encodes records as lines: the record's own text, with `"@cdrstream": {…}` inserted before its closing
 * brace. The text is neither parsed nor serialized again, so it stays byte for byte as the API sent it. Only
 * a record key that is itself called `@cdrstream` gets another `@`.
 *
 * Yields the bytes in chunks. A chunk is valid until the second chunk after it is requested: two buffers
 * alternate, so that one can be written while the other is filled. Allocating new memory for each batch would
 * take longer than all other work.
 */
export class LineEncoder {
  #filling = Buffer.alloc(0)
  #spare = Buffer.alloc(0)

  #take(bytes: number): Uint8Array {
    const taken = this.#filling
    this.#filling = this.#spare
    // The large buffer of a very long record is not kept.
    this.#spare = taken.length > scratchBytes ? Buffer.alloc(0) : taken
    return taken.subarray(0, bytes)
  }

  /** The buffers grow with the batches. */
  #ensureCapacity(bytes: number): void {
    const neededBytes = Math.max(bytes, Math.min(4 * this.#filling.length, scratchBytes))
    if (neededBytes > this.#filling.length) this.#filling = Buffer.allocUnsafeSlow(neededBytes)
  }

  *encode(records: readonly CdrRecord[]): Generator<Uint8Array> {
    const marker = new Marker()
    let end = 0
    for (const record of records) {
      const text = oneLine(escapeMark(record.text))
      const mark = marker.mark(record)
      const maxBytes = (text.length + mark.length + 1) * maxBytesPerUnit
      if (end + maxBytes > this.#filling.length) {
        if (end > 0) yield this.#take(end)
        end = 0
        this.#ensureCapacity(maxBytes)
      }
      end += this.#filling.write(text, end) - 1
      if (!isEmptyObject(text)) this.#filling[end++] = comma
      end += this.#filling.write(mark, end)
    }
    if (end > 0) yield this.#take(end)
  }
}

const comma = 0x2c

/** Line breaks in JSON occur only between tokens, where a space is equivalent. */
function oneLine(text: string): string {
  const line = text.includes('\n') || text.includes('\r') ? text.replace(/[\r\n]/g, ' ') : text
  return line.trim()
}

function isEmptyObject(text: string): boolean {
  let last = text.length - 2
  while (text[last] === ' ' || text[last] === '\t') last -= 1
  return last === 0
}

/** Writes the ends of lines. The parts that consecutive records have in common are built once. */
class Marker {
  #like: CdrRecord | undefined
  #head = ''
  #tail = ''

  mark(record: CdrRecord): string {
    if (this.#like === undefined || !haveSameEnds(record, this.#like)) this.#begin(record)
    return `${this.#head}${JSON.stringify(record.key)},"rank":${record.rank}${this.#tail}`
  }

  #begin(record: CdrRecord): void {
    const { org, home, acceptedAtMs, source } = record
    this.#like = record
    this.#head = `"${markName}":{"org":${JSON.stringify(org)},"key":`
    this.#tail = `,"home":${JSON.stringify(home)},"acceptedAt":"${new Date(acceptedAtMs).toISOString()}","source":"${source}"}}\n`
  }
}

function haveSameEnds(one: CdrRecord, other: CdrRecord): boolean {
  return (
    one.org === other.org &&
    one.home === other.home &&
    one.acceptedAtMs === other.acceptedAtMs &&
    one.source === other.source
  )
}
