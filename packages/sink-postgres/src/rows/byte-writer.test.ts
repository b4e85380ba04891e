import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ByteWriter } from './byte-writer.ts'

/** A value and its expected bytes, which are undefined for a string that PostgreSQL cannot store. */
interface Value {
  readonly write: (writer: ByteWriter) => unknown
  readonly bytes: () => Buffer | undefined
  /** What fast-check prints in place of the bytes, which would be too long. */
  readonly [fc.toStringMethod]: () => string
}

/** A call to the writer. `rewind` drops the second half of the values in the current part. */
type Step = Value | 'take' | 'rewind' | 'begin'

const slabBytes = 1 << 20

function value(name: string, write: Value['write'], bytes: Value['bytes']): Value {
  return { write, bytes, [fc.toStringMethod]: () => name }
}

function withLength(content: Buffer): Buffer {
  const length = Buffer.alloc(4)
  length.writeInt32BE(content.length)
  return Buffer.concat([length, content])
}

function filled(bytes: number, fill: (buffer: Buffer) => void): Buffer {
  const buffer = Buffer.alloc(bytes)
  fill(buffer)
  return buffer
}

/** The writer reserves three bytes per UTF-16 code unit, so it moves to a new slab at a third of its size. */
const lengths = fc.oneof(
  fc.nat(40),
  fc.integer({ min: 80_000, max: 120_000 }),
  fc.integer({ min: 250_000, max: 350_000 }),
  fc.nat(12).map((less) => Math.floor(slabBytes / 3) - less),
)
const texts = fc.record({
  length: lengths,
  unit: fc.constantFrom('a', 'z', 'é', '€'),
  end: fc.constantFrom('', '', '', '\0', '\ud800'),
})
const byteLengths = fc.oneof(
  fc.nat(40),
  fc.nat(16).map((less) => slabBytes - less),
)

const values: fc.Arbitrary<Value> = fc.oneof(
  {
    weight: 4,
    arbitrary: texts.map(({ length, unit, end }) => {
      const text = unit.repeat(length) + end
      const isHeld = end === ''
      return value(
        `text(${length} × ${unit}, ${JSON.stringify(end)})`,
        (writer) => writer.text(text),
        () => (isHeld ? withLength(Buffer.from(text)) : undefined),
      )
    }),
  },
  {
    weight: 4,
    arbitrary: texts.map(({ length, unit }) => {
      const json = JSON.stringify({ field: unit.repeat(length) })
      return value(
        `jsonb(${length} × ${unit})`,
        (writer) => writer.jsonb(json),
        () => withLength(Buffer.from(`\u0001${json}`)),
      )
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ length: byteLengths, byte: fc.nat(255) }).map(({ length, byte }) => {
      const bytes = Buffer.alloc(length, byte)
      return value(
        `bytes(${length} × ${byte})`,
        (writer) => writer.bytes(bytes),
        () => bytes,
      )
    }),
  },
  fc.integer({ min: -32_768, max: 32_767 }).map((number) =>
    value(
      `int16(${number})`,
      (writer) => writer.int16(number),
      () => filled(2, (buffer) => buffer.writeInt16BE(number)),
    ),
  ),
  fc.constant(
    value(
      'null',
      (writer) => writer.null(),
      () => filled(4, (buffer) => buffer.writeInt32BE(-1)),
    ),
  ),
  fc.boolean().map((flag) =>
    value(
      `boolean(${flag})`,
      (writer) => writer.boolean(flag),
      () => withLength(Buffer.from([flag ? 1 : 0])),
    ),
  ),
  fc.integer().map((number) =>
    value(
      `integer(${number})`,
      (writer) => writer.integer(number),
      () => withLength(filled(4, (buffer) => buffer.writeInt32BE(number))),
    ),
  ),
  fc.integer({ min: -700_000, max: 2_900_000 }).map((days) =>
    value(
      `date(${days})`,
      (writer) => writer.date(days),
      () => withLength(filled(4, (buffer) => buffer.writeInt32BE(days - 10_957))),
    ),
  ),
  fc.maxSafeInteger().map((number) =>
    value(
      `bigint(${number})`,
      (writer) => writer.bigint(number),
      () => withLength(filled(8, (buffer) => buffer.writeBigInt64BE(BigInt(number)))),
    ),
  ),
  fc.double({ noNaN: true }).map((number) =>
    value(
      `double(${number})`,
      (writer) => writer.double(number),
      () => withLength(filled(8, (buffer) => buffer.writeDoubleBE(number))),
    ),
  ),
  fc.integer({ min: -62_135_596_800_000, max: 253_402_300_799_999 }).map((ms) =>
    value(
      `timestamp(${ms})`,
      (writer) => writer.timestamp(ms),
      () =>
        withLength(filled(8, (buffer) => buffer.writeBigInt64BE((BigInt(ms) - 946_684_800_000n) * 1_000n))),
    ),
  ),
)

const steps: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: values },
    { weight: 2, arbitrary: fc.constant('take' as const) },
    { weight: 1, arbitrary: fc.constant('rewind' as const) },
    { weight: 1, arbitrary: fc.constant('begin' as const) },
  ),
  { minLength: 1, maxLength: 14 },
)

/**
 * Compares each part with the values that were written to it, at the last moment when it must still be
 * intact.
 */
class Trial {
  readonly #writer = new ByteWriter()
  #taken: Buffer[] = []
  #expected: Buffer[] = []
  #part: Buffer[] = []

  do(step: Step): void {
    switch (step) {
      case 'take':
        this.#take()
        break
      case 'begin':
        this.finish()
        this.#writer.begin()
        this.#taken = []
        this.#expected = []
        break
      case 'rewind':
        this.#part.splice(Math.floor(this.#part.length / 2))
        this.#writer.rewind(this.#size())
        break
      default:
        this.#write(step)
    }
    expect(this.#writer.size).toBe(this.#size())
  }

  finish(): void {
    this.#take()
    for (const [at, taken] of this.#taken.entries())
      expect(taken.equals(this.#expected[at] as Buffer)).toBe(true)
  }

  #take(): void {
    this.#taken.push(this.#writer.take())
    this.#expected.push(Buffer.concat(this.#part))
    this.#part = []
  }

  #write({ write, bytes }: Value): void {
    const result = write(this.#writer)
    const expected = bytes()
    if (expected === undefined) expect(result).toBe(false)
    else this.#part.push(expected)
  }

  #size(): number {
    return this.#part.reduce((sum, { length }) => sum + length, 0)
  }
}

describe('the writer of binary values', () => {
  test('returns exactly what was written, even across slabs, after a rewind and after begin', () => {
    fc.assert(
      fc.property(steps, (all) => {
        const trial = new Trial()
        for (const step of all) trial.do(step)
        trial.finish()
      }),
      { numRuns: 300 },
    )
  })

  test('keeps every part intact until begin, no matter how much is written after it', () => {
    const trial = new Trial()
    for (let round = 0; round < 2; round += 1) {
      trial.do('begin')
      // 3.6 MB, with one value that is larger than a slab.
      for (let at = 0; at < 60; at += 1) {
        const text = `${at}`.repeat(at === 30 ? 750_000 : 20_000)
        trial.do(
          value(
            '',
            (writer) => writer.text(text),
            () => withLength(Buffer.from(text)),
          ),
        )
        if (at % 3 === 2) trial.do('take')
      }
      trial.finish()
    }
  })
})
