import type { CdrRecord } from '@cdrstream/plugin'
import { escapeMark, markName } from './escape-mark.ts'

const scratchBytes = 1_048_576
/** UTF-8 needs at most three bytes for a code unit of a string. */
const mostBytesOfUnit = 3

/**
 * Makes the lines of records: the record's own text, with `"@cdrstream": {…}` put before its closing brace.
 * The text is neither parsed nor printed again, so it stays byte for byte as the API sent it. Only a key of
 * the record that is called `@cdrstream` itself gets another `@`.
 *
 * Yields the bytes in chunks, each valid until the next but one is asked for: two pieces of memory take
 * turns, so that one can be written while the other is filled. Fresh memory for each batch costs more than
 * all the rest.
 */
export class LineEncoder {
  #filling = Buffer.alloc(0)
  #resting = Buffer.alloc(0)

  #take(bytes: number): Uint8Array {
    const taken = this.#filling
    this.#filling = this.#resting
    // What a very long record needed is not kept.
    this.#resting = taken.length > scratchBytes ? Buffer.alloc(0) : taken
    return taken.subarray(0, bytes)
  }

  /** The memory grows with the batches. */
  #makeRoom(bytes: number): void {
    const wantedBytes = Math.max(bytes, Math.min(4 * this.#filling.length, scratchBytes))
    if (wantedBytes > this.#filling.length) this.#filling = Buffer.allocUnsafeSlow(wantedBytes)
  }

  *encode(records: readonly CdrRecord[]): Generator<Uint8Array> {
    const marker = new Marker()
    let end = 0
    for (const record of records) {
      const text = oneLine(escapeMark(record.text))
      const mark = marker.mark(record)
      const mostBytes = (text.length + mark.length + 1) * mostBytesOfUnit
      if (end + mostBytes > this.#filling.length) {
        if (end > 0) yield this.#take(end)
        end = 0
        this.#makeRoom(mostBytes)
      }
      end += this.#filling.write(text, end) - 1
      if (!isEmptyObject(text)) this.#filling[end++] = comma
      end += this.#filling.write(mark, end)
    }
    if (end > 0) yield this.#take(end)
  }
}

const comma = 0x2c

/** Line breaks in JSON lie only between tokens, where a space means the same. */
function oneLine(text: string): string {
  const line = text.includes('\n') || text.includes('\r') ? text.replace(/[\r\n]/g, ' ') : text
  return line.trim()
}

function isEmptyObject(text: string): boolean {
  let last = text.length - 2
  while (text[last] === ' ' || text[last] === '\t') last -= 1
  return last === 0
}

/** Writes the ends of lines. What neighbours have in common is made once. */
class Marker {
  #like: CdrRecord | undefined
  #head = ''
  #tail = ''

  mark(record: CdrRecord): string {
    if (this.#like === undefined || !haveCommon(record, this.#like)) this.#begin(record)
    return `${this.#head}${JSON.stringify(record.key)},"rank":${record.rank}${this.#tail}`
  }

  #begin(record: CdrRecord): void {
    const { org, home, acceptedAtMs, source } = record
    this.#like = record
    this.#head = `"${markName}":{"org":${JSON.stringify(org)},"key":`
    this.#tail = `,"home":${JSON.stringify(home)},"acceptedAt":"${new Date(acceptedAtMs).toISOString()}","source":"${source}"}}\n`
  }
}

function haveCommon(one: CdrRecord, other: CdrRecord): boolean {
  return (
    one.org === other.org &&
    one.home === other.home &&
    one.acceptedAtMs === other.acceptedAtMs &&
    one.source === other.source
  )
}
