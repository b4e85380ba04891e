import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseLinkHeader } from './parse-link-header.ts'

const query =
  'endTime=2025-08-15T10:00:00.000Z&startTime=2025-08-15T08:00:00.000Z' +
  '&startTimeForNextFetch=2025-08-15T09:30:00.000Z&totalCount=20000&max=5000&orgId=zzzzzzzz-yyyy-zzzz-xxxx-yyyyyyyyyyyy'
const url = `https://analytics-calling.webexapis.com/v1/cdr_stream?${query}`
const understood = {
  kind: 'next',
  next: { query, resumeMs: Date.UTC(2025, 7, 15, 9, 30), totalCount: 20_000 },
}

describe('a link to the next page is found in a header with', () => {
  test.each([
    ['the normal form', `<${url}>;rel="next"`],
    ["the misprint in Cisco's documentation", `<<${url}>;rel="next">`],
    ['the misprint, never closed', `<<${url}>;rel="next"`],
    ['an extra bracket around the URL', `<<${url}>>; rel="next"`],
    ['upper case', `<${url}>; REL="NEXT"`],
    ['no quotes', `<${url}>;rel=next`],
    ['the misprint without quotes', `<<${url}>;rel=next>`],
    ['whitespace everywhere', ` \t<${url}> ; rel = "next" `],
    ['other parameters before', `<${url}>; title="a, <b>; rel=\\"prev\\""; rel="next"`],
    ['other parameters after', `<${url}>; rel="next"; title*=UTF-8'de'n%c3%a4chste; x`],
    ['several relations', `<${url}>; rel="http://example.com/page next"`],
    ['the first of two rel parameters', `<${url}>; rel="next"; rel="prev"`],
    ['an empty parameter', `<${url}>;;rel="next";`],
    ['a fragment', `<${url}#page2>;rel="next"`],
    ['no host', `</v1/cdr_stream?${query}>;rel="next"`],
    ['another link before it', `<https://h/first?a=1,2>; rel="first", <${url}>; rel="next"`],
    ['another link after it', `<<${url}>;rel="next">, <https://h/first>; rel="prev"`],
    ['empty list elements', `, ,<${url}>; rel="next",,`],
    ['the same link twice', `<${url}>; rel="next", <${url}>; rel="next"`],
    ['unparsable text after it', `<${url}>; rel="next", what?`],
  ])('%s', (_, header) => {
    expect(parseLinkHeader(header)).toEqual(understood)
  })

  test('a link in the second of two headers', () => {
    expect(parseLinkHeader(['<https://h/?a>; rel="prev"', `<${url}>; rel="next"`])).toEqual(understood)
  })

  test('unencoded commas, spaces, semicolons and colons in the URL', () => {
    const hard = `locations=New York, NY;Zürich: west,B&startTimeForNextFetch=2025-08-15T09:30:00.000Z`
    expect(parseLinkHeader(`<https://h/p?${hard}>; rel="next"`)).toMatchObject({
      kind: 'next',
      next: { query: hard },
    })
  })
})

describe('there is no next page with', () => {
  test.each([
    ['no header', undefined],
    ['an empty header', ''],
    ['only whitespace and commas', ' ,\t, '],
    ['no headers', []],
    ['another relation', `<${url}>; rel="prev"`],
    ['relations that contain the word next', `<${url}>; rel="nextpage prev-next"`],
    ['several other relations', [`<${url}>; rel="first", <${url}>; rel=last`, `<${url}>; rel="prev"`]],
    ['next as another parameter', `<${url}>; rev="next"; rel="self"`],
  ])('%s', (_, header) => {
    expect(parseLinkHeader(header)).toEqual({ kind: 'none' })
  })
})

describe('a header that cannot be parsed never means the last page:', () => {
  test.each([
    ['text', 'next'],
    ['a URL without brackets', `${url}; rel="next"`],
    ['no relation', `<${url}>`],
    ['an empty relation', `<${url}>; rel=""`],
    ['a relation without a value', `<${url}>; rel`],
    ['an unclosed quote', `<${url}>; rel="next`],
    ['an unclosed URL', `<${url}; rel="next"`],
    ['a bracket in the URL', `<https://h/?a=1>2&b=3>; rel="next"`],
    ['no query', '<https://h/v1/cdr_stream>; rel="next"'],
    ['an empty query', '<https://h/v1/cdr_stream?>; rel="next"'],
    ['two different next pages', `<${url}>; rel="next", <${url}&x=1>; rel="next"`],
    ['another relation, then text', `<${url}>; rel="prev", what?`],
    ['one header of two', [`<${url}>; rel="prev"`, 'what?']],
  ])('%s', (_, header) => {
    expect(parseLinkHeader(header)).toEqual({ kind: 'not-understood' })
  })
})

describe('the query of a next link is parsed:', () => {
  const nextOf = (parameters: string) => {
    const link = parseLinkHeader(`<https://h/?${parameters}>;rel="next"`)
    return link.kind === 'next' ? { resumeMs: link.next.resumeMs, totalCount: link.next.totalCount } : link
  }

  test.each([
    ['totalCount=0&startTimeForNextFetch=2025-08-15T09:30:00Z', Date.UTC(2025, 7, 15, 9, 30), 0],
    ['startTimeForNextFetch=2025-08-15T09%3A30%3A00.250Z', Date.UTC(2025, 7, 15, 9, 30, 0, 250), null],
    ['STARTTIMEFORNEXTFETCH=2025-08-15T11:30:00%2B02:00', Date.UTC(2025, 7, 15, 9, 30), null],
    ['startTimeForNextFetch=2025-08-15T09:30:00.000&totalCount=-1', null, null],
    ['startTimeForNextFetch=yesterday&totalCount=1e3', null, null],
    ['startTimeForNextFetch=2025-13-45T99:99:99Z&totalCount=99999999999999999999', null, null],
    ['startTimeForNextFetch=%E0%A4%A&totalCount=', null, null],
    ['max=5000', null, null],
  ])('%s', (parameters, resumeMs, totalCount) => {
    expect(nextOf(parameters)).toEqual({ resumeMs, totalCount })
  })
})

const urlText = fc.string({
  unit: fc.oneof(fc.constantFrom(...',;: &=?%"/\\'), fc.string({ minLength: 1, maxLength: 1 })),
  minLength: 1,
})
const rawQuery = urlText.filter((text) => !/[<>#]/.test(text))

test('any query is returned unchanged from every form of the header', () => {
  const form = fc.constantFrom<(url: string) => string | string[]>(
    (address) => `<${address}>;rel="next"`,
    (address) => `<<${address}>;rel="next">`,
    (address) => `<<${address}>>; REL=Next`,
    (address) => `<https://h/p?a=1,b>; rel=prev, <${address}> ; title="x, <y>" ; rel = "next"`,
    (address) => ['<https://h/p?a>; rel="prev"', `<${address}>; rel="next"`],
  )
  fc.assert(
    fc.property(rawQuery, form, (raw, print) => {
      expect(parseLinkHeader(print(`https://h.example/v1/cdr_stream?${raw}`))).toMatchObject({
        kind: 'next',
        next: { query: raw },
      })
    }),
  )
})

const headerText = fc.oneof(
  fc.string(),
  fc
    .array(
      fc.constantFrom(
        '<',
        '<<',
        '>',
        ';',
        ',',
        '"',
        '\\',
        ' ',
        '=',
        'rel',
        'REL',
        'next',
        'prev',
        url,
        'x',
        '?',
        '#',
      ),
      { maxLength: 24 },
    )
    .map((words) => words.join('')),
)

test('no header throws, and only a header that is blank or names another relation means the last page', () => {
  fc.assert(
    fc.property(headerText, (header) => {
      const { kind } = parseLinkHeader(header)
      if (kind !== 'none') return
      const blank = /^[\s,]*$/.test(header)
      expect(blank || /rel\s*=\s*["]?[^"\s;,<>]/i.test(header)).toBe(true)
    }),
    { numRuns: 5_000 },
  )
})

test('a damaged next link never means the last page', () => {
  const header = `<<${url}>;rel="next">`
  fc.assert(
    fc.property(
      fc.nat(header.length - 1),
      fc.constantFrom('', '<', '>', ',', '"', ';', ' '),
      (at, insert) => {
        const damaged = header.slice(0, at) + insert + header.slice(at + 1)
        // A change within the word `next` can result in another valid relation.
        fc.pre(/rel\s*=\s*"?next\b/.test(damaged))
        expect(parseLinkHeader(damaged).kind).not.toBe('none')
      },
    ),
    { numRuns: 2_000 },
  )
})

test('parsing a long header takes time in proportion to its length', () => {
  for (const part of ['<', '<<', ';', '; ', ',', '"', '; rel="', `<${url}>; x="\\`, '>']) {
    expect(parseLinkHeader(part.repeat(200_000)).kind).not.toBe('next')
  }
})
