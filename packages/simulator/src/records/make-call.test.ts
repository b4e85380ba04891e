import { catalogue } from '@cdrstream/catalogue'
import { describe, expect, it } from 'vitest'
import { chanceOf } from '../chance.ts'
import { makeDirectory } from './directory.ts'
import { makeCall } from './make-call.ts'
import { recordText } from './record-text.ts'

type Written = Readonly<Record<string, string | number>>

const startMs = Date.UTC(2026, 8, 24, 8)
const directory = makeDirectory(chanceOf(1, 'directory'))
const texts = Array.from({ length: 3_000 }, (_, number) =>
  makeCall(directory, chanceOf(1, 'call', number)).map((leg, index) =>
    recordText(leg.fields(chanceOf(1, 'call', number, index)), startMs),
  ),
)
const calls: readonly (readonly Written[])[] = texts.map((call) => call.map((text) => JSON.parse(text)))
const records = calls.flat()

const byLocalId = (call: readonly Written[]) =>
  new Map(call.map((record) => [record['Local call ID'], record]))
const reasonOf = (call: readonly Written[]) =>
  call.map((record) => record['Related reason']).find((reason) => reason !== '') ?? ''
const callsBecauseOf = (...reasons: readonly string[]) =>
  calls.filter((call) => reasons.includes(String(reasonOf(call))))

const isAgent = (record: Written) =>
  record.Direction === 'TERMINATING' && record['User type'] === 'User' && record['Redirect reason'] !== ''
const isAbandoned = (call: readonly Written[]) =>
  !call.some((record) => isAgent(record) && record.Answered === 'true')
const callsOf = (userType: string) =>
  calls.filter((call) => call.some((record) => record['User type'] === userType))

describe('a record', () => {
  it("has all 87 keys, in the API's order", () => {
    expect(catalogue).toHaveLength(87)
    const names = JSON.stringify(catalogue.map(({ name }) => name))
    for (const record of records) expect(JSON.stringify(Object.keys(record))).toBe(names)
  })

  it("has the API's types: two numbers, and text otherwise", () => {
    const numbers = new Set(
      records.flatMap((record) => Object.keys(record).filter((name) => typeof record[name] === 'number')),
    )
    expect(numbers).toEqual(new Set(['Duration', 'Hold duration']))
    const times = catalogue.filter(({ type }) => type === 'timestamp').map(({ name }) => name)
    expect(times).toHaveLength(5)
    for (const record of records) {
      for (const name of times) expect(record[name]).toMatch(/^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z)?$/)
      expect(record.Answered).toBe(record['Answer time'] === '' ? 'false' : 'true')
      expect(record['Ring duration']).toMatch(/^\d+$/)
      expect(record['Site timezone']).toMatch(/^-?\d+$/)
      expect(record['Report time']).toBe(record['Release time'])
    }
  })

  it('has only known values in fields for which the catalogue lists values', () => {
    for (const { name, values, nullMarkers } of catalogue) {
      if (values.length === 0) continue
      const found = new Set(records.map((record) => String(record[name])))
      const known = new Set(['', ...values, ...nullMarkers])
      expect([name, [...found].filter((value) => !known.has(value))]).toEqual([name, []])
    }
  })

  it('has the null markers that were observed', () => {
    for (const [name, marker] of [
      ['Called line ID', 'NA'],
      ['OS type', 'na'],
      ['Model', 'na'],
      ['Auto Attendant Key Pressed', 'NA'],
      ['Answer reason', 'N/A'],
    ] as const) {
      expect([name, records.some((record) => record[name] === marker)]).toEqual([name, true])
    }
  })

  it('has a unique Report ID, which is a version 3 UUID', () => {
    const ids = new Set(records.map((record) => record['Report ID']))
    expect(ids.size).toBe(records.length)
    for (const id of ids)
      expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-3[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  })

  it('is as long as a real record, and compact JSON', () => {
    const bytes = texts.flat().map((text) => Buffer.byteLength(text))
    const mean = bytes.reduce((sum, each) => sum + each, 0) / bytes.length
    expect(mean).toBeGreaterThan(2_500)
    expect(mean).toBeLessThan(2_800)
    for (const text of texts.flat().slice(0, 200)) expect(text).toBe(JSON.stringify(JSON.parse(text)))
  })

  it('has no duration if the leg was not answered', () => {
    const unanswered = records.filter((record) => record.Answered === 'false')
    expect(unanswered.length).toBeGreaterThan(500)
    for (const record of unanswered) expect([record.Duration, record['Answer indicator']]).toEqual([0, 'No'])
  })

  it('contains only telephone numbers from ranges reserved for fiction', () => {
    const fields = catalogue.filter(({ personal }) => personal === 'number').map(({ name }) => name)
    const numbers = records.flatMap((record) => fields.map((name) => String(record[name]))).filter(Boolean)
    for (const number of new Set(numbers)) expect(number).toMatch(/^(\+1\d{3}55501\d\d|\+442079460\d{3})$/)
  })
})

describe('the legs of a call', () => {
  it('share an Interaction ID and, except in an attended transfer, a Correlation ID', () => {
    for (const call of calls) {
      const attended = reasonOf(call) === 'ConsultativeTransfer'
      expect(new Set(call.map((record) => record['Correlation ID'])).size).toBe(attended ? 2 : 1)
      expect(new Set(call.map((record) => record['Interaction ID'])).size).toBe(1)
    }
  })

  it('have two records that refer to each other if both ends are in the company', () => {
    for (const call of calls) {
      const locals = byLocalId(call)
      for (const record of call.filter((each) => each['Call type'] === 'SIP_ENTERPRISE')) {
        const other = locals.get(record['Remote call ID'] ?? '')
        expect(other).toBeDefined()
        expect(other?.['Remote call ID']).toBe(record['Local call ID'])
        expect(other?.['Network call ID']).toBe(record['Network call ID'])
        expect(other?.['Remote SessionID']).toBe(record['Local SessionID'])
        expect(other?.Direction).not.toBe(record.Direction)
      }
    }
  })

  it('have one record, without Remote call ID, if one end is outside the company', () => {
    const single = calls.filter(([record, ...more]) => more.length === 0 && record !== undefined).flat()
    expect(new Set(single.map((record) => record['Call type']))).toEqual(
      new Set(['SIP_INBOUND', 'SIP_NATIONAL', 'SIP_INTERNATIONAL']),
    )
    for (const record of single) expect(record['Remote call ID']).toBe('')
  })

  it.each([
    'HuntGroup',
    'CallQueue',
    'CallForwardNoAnswer',
    'CallForwardAlways',
    'CallForwardBusy',
    'Deflection',
  ])(
    'spawned by %s begin with an originating record that refers to the terminating record that spawned them',
    (reason) => {
      const found = callsBecauseOf(reason)
      expect(found.length).toBeGreaterThan(10)
      for (const call of found) {
        const locals = byLocalId(call)
        const spawned = call.filter((record) => record['Related call ID'] !== '')
        expect(spawned.length).toBeGreaterThan(0)
        for (const record of spawned) {
          const source = locals.get(record['Related call ID'] ?? '')
          expect([record.Direction, source?.Direction]).toEqual(['ORIGINATING', 'TERMINATING'])
          // The same person or service received the call and forwarded it.
          expect(source?.['User UUID']).toBe(record['User UUID'])
          expect(record['Transfer related call ID']).toBe('')
        }
      }
    },
  )

  it('of a group call are a terminating record of the group and two records for each member it rang', () => {
    const found = callsBecauseOf('HuntGroup', 'CallQueue')
    for (const call of found) {
      const ofGroup = call.filter((record) => record['User type'] !== 'User')
      const rings = ofGroup.filter((record) => record.Direction === 'ORIGINATING')
      expect(ofGroup.length - rings.length).toBe(1)
      const entered = ofGroup.find((record) => record.Direction === 'TERMINATING')
      const callers = entered?.['Call type'] === 'SIP_INBOUND' ? 0 : 1
      expect(call.length).toBe(1 + callers + 2 * rings.length)
      const answered = rings.filter((record) => record.Answered === 'true').length
      expect(answered).toBe(isAbandoned(call) ? 0 : 1)
      // The group always answers, which does not mean that a person did.
      expect(entered?.Answered).toBe('true')
    }
    expect(Math.max(...found.map((call) => call.length))).toBe(8)
    expect(
      callsBecauseOf('CallQueue')
        .flat()
        .some((record) => record['Queue type'] === 'Call Queue'),
    ).toBe(true)
  })

  it('of a queue call sometimes reach no one, while the legs of a hunt group call always reach someone', () => {
    const queued = [...callsOf('CallCenterStandard')]
    const abandoned = queued.filter(isAbandoned)
    expect(abandoned.length / queued.length).toBeGreaterThan(0.08)
    expect(abandoned.length / queued.length).toBeLessThan(0.25)
    expect(abandoned.some((call) => call.every((record) => record['User type'] !== 'User'))).toBe(true)
    expect(callsOf('HuntGroup').filter(isAbandoned)).toEqual([])
  })

  it('of a group call are answered elsewhere only if a colleague answered while they rang', () => {
    const found = callsBecauseOf('HuntGroup', 'CallQueue')
    const elsewhere = found.filter((call) => call.some((record) => record['Answered elsewhere'] === 'Yes'))
    expect(elsewhere.length).toBeGreaterThan(20)
    for (const call of elsewhere) {
      const answering = call.filter(isAgent).filter((record) => record.Answered === 'true')
      expect(answering).toHaveLength(1)
      for (const rang of call.filter((record) => record['Answered elsewhere'] === 'Yes')) {
        expect(rang['User UUID']).not.toBe(answering[0]?.['User UUID'])
        expect(rang['Release time']).toBe(answering[0]?.['Answer time'])
      }
    }
  })

  it("of a group call end no later than the group's own record", () => {
    for (const call of callsBecauseOf('HuntGroup', 'CallQueue')) {
      const ends = (found: readonly Written[]) => found.map((record) => String(record['Release time'])).sort()
      const entered = call.filter(
        (record) => record['User type'] !== 'User' && record.Direction === 'TERMINATING',
      )
      expect(ends(entered).at(-1)).toBe(ends(call).at(-1))
    }
  })

  it('of an attended transfer are linked by Transfer related call ID', () => {
    const found = callsBecauseOf('ConsultativeTransfer')
    expect(found.length).toBeGreaterThan(10)
    for (const call of found) {
      const [from, ...others] = call.filter((record) => record['Transfer related call ID'] !== '')
      expect(others).toEqual([])
      const to = byLocalId(call).get(from?.['Transfer related call ID'] ?? '')
      expect(to).toBeDefined()
      expect(to?.['Correlation ID']).not.toBe(from?.['Correlation ID'])
      expect(to?.['User UUID']).toBe(from?.['User UUID'])
      expect(call.map((record) => record['Related call ID']).filter(Boolean)).toEqual([])
    }
  })

  it('have at most one final destination, which is answered and which no other record refers to', () => {
    for (const call of calls) {
      const named = new Set(
        call.flatMap((record) => [record['Related call ID'], record['Transfer related call ID']]),
      )
      const destinations = call.filter(
        (record) =>
          record.Direction === 'TERMINATING' &&
          record.Answered === 'true' &&
          record['User type'] === 'User' &&
          !named.has(record['Local call ID']),
      )
      const attended = reasonOf(call) === 'ConsultativeTransfer'
      expect(destinations.length).toBeLessThanOrEqual(attended ? 2 : 1)
    }
  })
})
