import { createHmac } from 'node:crypto'
import { type CatalogueField, catalogue } from '@cdrstream/catalogue'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { cdrRecord } from '../cdr-record.ts'
import type { FieldAction, FieldPolicy, PersonalClass } from './field-policy.ts'
import { personalContent } from './personal-content.ts'
import { createRecordMask, type RecordMask } from './record-mask.ts'

const hmac = (text: string) => createHmac('sha256', 'k'.repeat(16)).update(text).digest('hex')
const drop: FieldAction = { kind: 'drop' }
const keep: FieldAction = { kind: 'keep' }
const hash: FieldAction = { kind: 'hash', hmac }
const last4: FieldAction = { kind: 'mask', digits: 4 }

const classes = [
  'number',
  'name',
  'identifier',
  'address',
  'secret',
  'context',
] as const satisfies PersonalClass[]
const allClasses = (action: FieldAction): FieldPolicy => ({
  classes: Object.fromEntries(classes.map((personal) => [personal, action])),
})

function recordOf(text: string) {
  return cdrRecord({
    org: 'acme',
    key: 'one',
    rank: 1,
    home: '2026-11-24',
    acceptedAtMs: 0,
    source: 'stream',
    text,
  })
}

function seen(policy: FieldPolicy | undefined, content: Readonly<Record<string, unknown>>) {
  return JSON.parse(createRecordMask(policy).apply(JSON.stringify(content)))
}

describe('without a policy', () => {
  test('a secret is dropped, as if the API had sent it empty, and everything else is kept', () => {
    expect(seen(undefined, { User: 'Jane', 'Authorization code': '4711', 'New field': 1 })).toEqual({
      User: 'Jane',
      'Authorization code': '',
      'New field': 1,
    })
    expect(seen({ classes: { secret: keep } }, { 'Authorization code': '4711' })).toEqual({
      'Authorization code': '4711',
    })
  })

  test.each([
    '{"AUTHORIZATION CODE":"4711"}',
    '{"authorization_code" : "4711"}',
    '{"Authorization code":\n"4711"}',
    '{"Authorization\\u0020code":"4711"}',
    '{"authorizationCode":4711}',
    '{"Authorization code":"","Authorization Code":"4711"}',
    '{"Authorization code":{"a":"4711"}}',
  ])('no spelling lets a secret through: %s', (text) => {
    expect(createRecordMask().apply(text)).not.toContain('4711')
  })

  test.each(['{"User":"Jane"}', '{"Authorization code":""}', '{ "Authorization code" : null, "User":"" }'])(
    'a record that has no secret stays unchanged: %s',
    (text) => {
      expect(createRecordMask().apply(text)).toBe(text)
    },
  )
})

describe('an action', () => {
  test('for a field takes precedence over the action for its class', () => {
    const policy = { classes: { number: drop }, fields: { called_number: last4 } }

    expect(seen(policy, { 'Calling number': '+4930123456', 'Called number': '+4930123456' })).toEqual({
      'Calling number': '',
      'Called number': '+******3456',
    })
  })

  test('that hashes returns equal hashes for equal values, in all fields, with or without quotes', () => {
    const shown = seen(allClasses(hash), { 'Calling number': '4930123456', 'User number': 4930123456 })

    expect(shown).toEqual({ 'Calling number': hmac('4930123456'), 'User number': hmac('4930123456') })
  })

  test('leaves empty values unchanged, except that drop makes all values equal', () => {
    const nothing = { 'Called line ID': 'NA', 'Calling line ID': '', User: null }

    expect(seen(allClasses(hash), nothing)).toEqual(nothing)
    expect(seen(allClasses(last4), nothing)).toEqual(nothing)
    expect(seen(allClasses(drop), nothing)).toEqual({ ...nothing, 'Called line ID': '' })
  })

  test('for numbers changes the mailbox number in an enumeration and keeps the word', () => {
    const content = { 'Original reason': 'ExplicitId4930123456', 'Redirect reason': 'UserBusy' }
    const changed = (action: FieldAction) => seen({ classes: { number: action } }, content)

    expect(changed(drop)).toEqual({ ...content, 'Original reason': 'ExplicitId' })
    expect(changed(last4)).toEqual({ ...content, 'Original reason': 'ExplicitId******3456' })
    expect(changed(hash)).toEqual({ ...content, 'Original reason': `ExplicitId${hmac('4930123456')}` })
    expect(seen({ classes: { number: drop }, fields: { original_reason: keep } }, content)).toEqual(content)
  })

  test('on a field that is not text also changes values that its type cannot hold', () => {
    const { fields, extra } = recordOf(
      createRecordMask({ fields: { duration: drop } }).apply('{"Duration":"+4930123456"}'),
    )

    expect(fields.duration).toBeNull()
    expect(extra.size).toBe(0)
  })

  test('that drops unknown keys leaves valid JSON, wherever the keys are', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean()), fc.constantFrom('', ' '), (areKnown, gap) => {
        const members = areKnown.map((isKnown, at) =>
          isKnown ? `"User"${gap}:${gap}"${at}"` : `"New ${at}":[${at}]`,
        )
        const text = createRecordMask({ unknown: 'drop' }).apply(`{${gap}${members.join(`,${gap}`)}}`)

        const left = areKnown.map((isKnown, at) => (isKnown ? `${at}` : '')).filter((value) => value !== '')
        expect(JSON.parse(text)).toEqual(left.length === 0 ? {} : { User: left.at(-1) })
      }),
    )
  })
})

test('kept values stay exactly as they are', () => {
  const text = '{ "Duration" : 1.50e1,\n"User":"Jane","New":{"a" :[1e999]},"Duration":2 }'
  const policy = { classes: { name: drop } }

  expect(createRecordMask(policy).apply(text)).toBe(text.replace('Jane', ''))
})

test('the classes match section 11 of the API facts', () => {
  const named = (personal: CatalogueField['personal']) =>
    catalogue.flatMap((field) => (field.personal === personal ? [field.column] : [])).sort()

  expect(Object.fromEntries(classes.map((personal) => [personal, named(personal)]))).toEqual({
    number: [
      'called_number',
      'caller_id_number',
      'calling_number',
      'dialed_digits',
      'elin',
      'external_caller_id_number',
      'redirecting_number',
      'site_main_number',
      'user_number',
    ],
    name: ['called_line_id', 'calling_line_id', 'user'],
    identifier: [
      'device_mac',
      'device_owner_uuid',
      'original_called_party_uuid',
      'redirecting_party_uuid',
      'user_uuid',
    ],
    address: ['call_id', 'network_call_id', 'public_called_ip_address', 'public_calling_ip_address'],
    secret: ['authorization_code'],
    context: ['transfer_type_context'],
  })
})

const canary = '31415926535'
/** One digit more than the four that a mask shows. */
const tooMuch = canary.slice(-5)

const spelling = ({ name, column, aliases }: CatalogueField) =>
  fc.constantFrom(name, name.toUpperCase(), name.toLowerCase(), column, name.replaceAll(' ', ''), ...aliases)
const value = fc.constantFrom<unknown>(
  canary,
  `+${canary}`,
  Number(canary),
  `Jane ${canary} "Doe" \\`,
  `${canary}@10.0.0.1`,
  { number: canary },
  [[canary]],
  `NA ${canary}`,
)
const personal = fc
  .constantFrom(...catalogue.filter((field) => field.personal !== 'none'))
  .chain((field) => fc.tuple(spelling(field), value))
const mailbox = fc.constantFrom(
  ['Original reason', `ExplicitId${canary}`],
  ['REDIRECT REASON', `explicitid+${canary}`],
  ['Original reason', [`ExplicitId${canary}`]],
)
const harmless = fc.constantFrom(
  ['Duration', 42],
  ['Report ID', 'r'],
  ['Location', 'NA'],
  ['New', { a: [1] }],
)
const name = fc.boolean()
const member = fc.tuple(fc.oneof(personal, mailbox, harmless), name).map(([[key, content], escaped]) => {
  const text = JSON.stringify(key)
  return `${escaped ? text.replace(/[a-z]/, (letter) => `\\u00${letter.charCodeAt(0).toString(16)}`) : text}:${JSON.stringify(content)}`
})
const text = fc.array(member, { minLength: 1, maxLength: 12 }).map((members) => `{${members.join()}}`)

function holds(mask: RecordMask['apply']): void {
  fc.assert(
    fc.property(text, (whole) => {
      const record = recordOf(mask(whole))
      const all = JSON.stringify([record.text, record.fields, [...record.extra]])
      expect(all).not.toContain(tooMuch)
    }),
    { numRuns: 500, seed: 5 },
  )
}

test.each([
  ['drop', drop],
  ['mask', last4],
  ['hash', hash],
] as const)('the mask lets no personal value through in text, fields or extra, with %s', (_, action) => {
  holds(createRecordMask(allClasses(action)).apply)
})

const asParsed =
  (change: (key: string, content: unknown) => unknown): RecordMask['apply'] =>
  (whole) => {
    const entries = Object.entries(JSON.parse(whole))
    return JSON.stringify(Object.fromEntries(entries.map(([key, content]) => [key, change(key, content)])))
  }
const isPersonal = (key: string) => catalogue.some((field) => field.name === key && field.personal !== 'none')
const broken: readonly (readonly [string, RecordMask['apply']])[] = [
  ['matches only the exact names', asParsed((key, content) => (isPersonal(key) ? '' : content))],
  ['matches only strings', (whole) => whole.replaceAll(/:"[^"]*"/g, ':""')],
  ['forgets the mailbox', createRecordMask({ ...allClasses(drop), fields: { original_reason: keep } }).apply],
  ['forgets a class', createRecordMask({ classes: { ...allClasses(drop).classes, address: keep } }).apply],
  ['shows one digit too many', createRecordMask(allClasses({ kind: 'mask', digits: 5 })).apply],
]

test.each(broken)('the leak check catches a mask that %s', (_, mask) => {
  expect(() => holds(mask)).toThrow()
})
test("a record's personal content is returned so that it can be hidden elsewhere", () => {
  const { fields, extra } = recordOf(
    JSON.stringify({
      'Report ID': 'r',
      Location: 'Berlin',
      'Calling number': '+4930123456',
      'Original reason': 'ExplicitId4711',
      Duration: 'long',
      New: { deep: ['secret', 7] },
    }),
  )

  const { names, others } = personalContent([{ fields, extra }])
  expect([...names, ...others].toSorted()).toEqual(['+4930123456', '4711', '7', 'long', 'secret'])
})
