import { describe, expect, it } from 'vitest'
import { easyTerms, hourMs, minuteMs, quiet, secondMs, simulate, startMs } from '../test/support/simulate.ts'
import { compareKeysWithLedger, compareWithLedger, contentOf } from './index.ts'

const atMs = startMs - 30 * minuteMs
const org = 'acme'

/**
 * Two revisions of `a`, a record without Report ID, an item that is not a record, and two items that are
 * never shown.
 */
const texts = {
  a: '{"Report ID":"a","Duration":1}',
  aRevised: '{"Report ID":"a","Duration":2}',
  b: '{"Report ID":"b"}',
  nameless: '{"Duration":3}',
  noRecord: '[1]',
  hidden: '{"Report ID":"hidden"}',
  bRevised: '{"Report ID":"b","Duration":2}',
}

function ledgerAfterReading() {
  const simulation = simulate(quiet)
  const { hidden, bRevised, ...visible } = texts
  for (const text of Object.values(visible)) simulation.insert(atMs, text)
  // The same text inserted twice is one content.
  simulation.insert(atMs + secondMs, texts.b)
  for (const text of [hidden, bRevised]) simulation.insert(atMs + 5 * minuteMs, text)
  simulation.ask(atMs, atMs + minuteMs).delivered()
  return simulation.simulator.ledger
}

const all = [texts.a, texts.aRevised, texts.b, texts.nameless]
const delivered = (...lines: readonly string[]) => lines.map((text) => ({ org, text }))

describe('the ledger', () => {
  it('has one entry per content, with its times, its kind, and when it was first shown', () => {
    const { clock, simulator, insert, ask } = simulate(quiet)
    insert(atMs + secondMs, texts.a)
    insert(atMs, texts.a)
    insert(atMs + 2 * secondMs, texts.a)
    insert(atMs, texts.noRecord, atMs + 5 * minuteMs)
    const entries = () => [...simulator.ledger.entries.values()]
    const expected = { org, insertionMs: atMs, shownMs: null }
    expect(entries()).toMatchObject([
      {
        ...expected,
        reportId: 'a',
        isRecord: true,
        availableMs: atMs + minuteMs,
        content: contentOf(texts.a),
      },
      { ...expected, reportId: null, isRecord: false, availableMs: atMs + 5 * minuteMs },
    ])
    ask(atMs, atMs + minuteMs).delivered()
    clock.ms += secondMs
    ask(atMs, atMs + minuteMs).delivered()
    expect(entries().map(({ shownMs }) => shownMs)).toEqual([startMs, startMs])
  })

  it('does not count items as shown if their response was not delivered completely', () => {
    const { simulator, insert, ask } = simulate(quiet)
    insert(atMs, texts.a)
    ask(atMs, atMs + minuteMs)
    expect(compareWithLedger(simulator.ledger, []).shown).toBe(0)
  })

  it('omits items that expire before they become visible', () => {
    const { simulator, insert } = simulate(quiet)
    insert(atMs, texts.a, atMs + easyTerms.retentionMs)
    insert(atMs, texts.b, atMs + easyTerms.retentionMs + 1)
    expect([...simulator.ledger.entries.values()].map(({ reportId }) => reportId)).toEqual(['a'])
  })

  it('keeps expired records that were never read', () => {
    const { clock, simulator } = simulate({ sinceMs: startMs - hourMs })
    clock.ms += 13 * hourMs
    simulator.stopCalls()
    const unread = [...simulator.ledger.entries.values()].filter(({ shownMs }) => shownMs === null)
    expect(unread.length).toBeGreaterThan(13 * 60 * 50)
    expect(unread[0]?.reportId).toMatch(/^[0-9a-f-]{36}$/)
    expect(unread[0]?.content).toHaveLength(27)
  })

  it('lists every request', () => {
    const { simulator, get, ask } = simulate(quiet)
    ask(atMs, atMs + minuteMs)
    get('/v1/cdr_stream?orgId=x', 'wrong')
    expect(simulator.ledger.requests).toEqual([
      { atMs: startMs, org, credential: 'secret', kind: 'initial', status: 200 },
      { atMs: startMs, org: null, credential: 'wrong', kind: 'page', status: 401 },
    ])
  })
})

describe('a comparison by revision', () => {
  const compare = (...lines: readonly string[]) => {
    const { missing, ...counts } = compareWithLedger(ledgerAfterReading(), delivered(...lines))
    return { ...counts, missing: missing.map(({ reportId }) => reportId) }
  }
  const complete = { shown: 4, delivered: 4, missing: [], twice: 0, invented: 0 }

  it('finds no problem if every revision was delivered once', () => expect(compare(...all)).toEqual(complete))

  it('finds a missing record, a missing revision, and a missing record without Report ID', () => {
    expect(compare(texts.a, texts.aRevised, texts.b)).toEqual({ ...complete, delivered: 3, missing: [null] })
    expect(compare(texts.a, texts.b, texts.nameless)).toEqual({ ...complete, delivered: 3, missing: ['a'] })
    expect(compare()).toEqual({ ...complete, delivered: 0, missing: ['a', 'a', 'b', null] })
  })

  it('counts repeated deliveries', () => {
    expect(compare(...all, texts.b, texts.b, texts.nameless)).toEqual({ ...complete, twice: 3 })
  })

  it("counts unknown content, items that are not records, and another org's records as invented", () => {
    expect(compare(...all, '{"Report ID":"b","Duration":1}', texts.noRecord)).toEqual({
      ...complete,
      invented: 2,
    })
    const foreign = [{ org: 'blue', text: texts.a }]
    expect(compareWithLedger(ledgerAfterReading(), foreign)).toMatchObject({ delivered: 0, invented: 1 })
  })

  it('accepts records that were in the store but in no complete response', () => {
    expect(compare(...all, texts.hidden)).toEqual(complete)
    expect(compare(...all, texts.hidden, texts.hidden)).toEqual({ ...complete, twice: 1 })
  })
})

describe('a comparison by record', () => {
  const nameless = contentOf(texts.nameless)
  const compare = (...keys: readonly string[]) =>
    compareKeysWithLedger(
      ledgerAfterReading(),
      keys.map((key) => ({ org, key })),
    )
  const complete = { shown: 3, delivered: 3, missing: [], twice: 0, invented: 0 }

  it('finds no problem if each record was delivered once, in any revision', () =>
    expect(compare('a', 'b', nameless)).toEqual(complete))

  it('finds missing, repeated and unknown records', () => {
    expect(compare('a', nameless)).toEqual({ ...complete, delivered: 2, missing: [{ org, key: 'b' }] })
    expect(compare('a', 'a', 'b', 'b', 'b', nameless)).toEqual({ ...complete, twice: 3 })
    expect(compare('a', 'b', nameless, 'c')).toEqual({ ...complete, invented: 1 })
    expect(compare('a', 'b', nameless, 'hidden')).toEqual(complete)
  })
})
