import { type CatalogueField, catalogue } from '@cdrstream/catalogue'
import type { Chance } from '@cdrstream-internal/chance'

/** Part of a phone number in the records. It must not appear outside the records. */
export const canaryNumber = '5550199387'

/** Returns the JSON text of an item: usually a record, sometimes an item that cannot be a record. */
export function makeItem(chance: Chance): string {
  if (chance.happens(0.08)) return strangeItem(chance)
  const fields = chance.happens(0.03) ? catalogue : someFields(chance)
  const members = fields.map((field) => member(field, chance))
  members.push(`"Calling number":"+1${canaryNumber}"`)
  while (chance.happens(0.12)) members.push(`${chance.oneOf(hostileKeys)}:${hostileValue(chance)}`)
  return `{${members.join(chance.happens(0.9) ? ',' : ' ,\n')}}`
}

/** Real records have all fields. A few are enough here, because all fields are read in the same way. */
function someFields(chance: Chance): readonly CatalogueField[] {
  const from = chance.integer(0, catalogue.length - 1)
  return [...identifying, ...catalogue.slice(from, from + chance.integer(0, 6))]
}

const identifying = catalogue.filter(({ name }) => ['Report ID', 'Report time', 'Start time'].includes(name))

function member(field: CatalogueField, chance: Chance): string {
  const name = chance.happens(0.97) ? field.name : chance.oneOf([field.name.toUpperCase(), `${field.name} `])
  const value = chance.happens(0.85) ? usualValue(field, chance) : hostileValue(chance)
  return `${JSON.stringify(name)}:${value}`
}

function usualValue({ type, nullMarkers }: CatalogueField, chance: Chance): string {
  if (chance.happens(0.1)) return JSON.stringify(nullMarkers[0] ?? '')
  switch (type) {
    case 'timestamp':
      return JSON.stringify(new Date(chance.integer(0, 2e12)).toISOString())
    case 'number':
      return String(chance.integer(0, 100_000))
    case 'integer-string':
      return `"${chance.integer(0, 100_000)}"`
    case 'decimal-string':
      return `"${chance.between(0, 100).toFixed(1)}"`
    case 'boolean-string':
      return chance.oneOf(['"true"', '"false"', 'true'])
    case 'uuid-string':
      // Only a few, so that records share IDs.
      return `"2d6a1b4e-8a44-3c53-8d0b-7b6f6d7f9a1${chance.integer(0, 9)}"`
    case 'string':
      return `"${'text '.repeat(chance.integer(0, 5))}"`
  }
}

function strangeItem(chance: Chance): string {
  return chance.oneOf([
    ...(['null', 'true', '0', '-1e999', '""', '"text"', '[]', '{}', '[{}]'] as const),
    `[${canaryNumber}]`,
    `"${canaryNumber}"`,
    `{"__proto__":{"Report ID":"${canaryNumber}"}}`,
    nested(chance),
  ])
}

const hostileKeys = [
  '"__proto__"',
  '"constructor"',
  '"toString"',
  '"hasOwnProperty"',
  '""',
  '"\\u0000"',
  '"\\ud800"',
  '"Report ID"',
  '"report id"',
  '"report_id"',
  '"\\"; drop table cdr.record"',
  '"items"',
] as const

function hostileValue(chance: Chance): string {
  return chance.oneOf([
    ...(['null', 'true', '-0', '1e999', '9007199254740993', '""', '" "', '[]', '{}'] as const),
    ...(['"\\ud800"', '"\\udc00\\ud800"', '"\\u0000"', '"\\u202e\\u0007"', '"=cmd()"', '"NA"'] as const),
    ...(['"2026-02-30T00:00:00.000Z"', '"9999-12-31T23:59:59.999999999Z"', '"0000-00-00"'] as const),
    ...(['"-271821-04-20T00:00:00Z"', '"2026-09-24T07:49:10.9391+14:00"', '"Infinity"', '"0x10"'] as const),
    '{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}',
    `"${'long '.repeat(chance.integer(0, 300))}"`,
    `${'9'.repeat(chance.integer(1, 400))}`,
    nested(chance),
  ])
}

/** Sometimes deeper than the item limit or than any call stack. */
function nested(chance: Chance): string {
  const depth = chance.happens(0.02) ? chance.oneOf([600, 6_000, 20_000] as const) : chance.integer(1, 20)
  const [open, close] = chance.oneOf([
    ['[', ']'],
    ['{"a":', '}'],
  ] as const)
  return `${open.repeat(depth)}0${close.repeat(depth)}`
}
