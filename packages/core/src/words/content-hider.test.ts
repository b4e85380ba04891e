import { describe, expect, test } from 'vitest'
import { createContentHider } from './content-hider.ts'

const hide = createContentHider({
  names: ['Kay Canary', 'Zoë Straße', '田中', 'Ann'],
  others: ['+4915559012345', '4711', 'f81d4fae-7dec-41d0', '10.99.88.77', 'a patient of the clinic asked'],
})

describe('record content is hidden', () => {
  test.each([
    ['as it is', 'no user Kay Canary here', 'no user … here'],
    ['in different letter case', 'KAY CANARY', '…'],
    ['in another order', 'canary, kay', '…, kay'],
    ['as part of a name', 'CANARY_TABLE', '…_TABLE'],
    ['without accents', 'ZOE STRASSE', '…'],
    ['in full width', 'Ｋａｙ　Ｃａｎａｒｙ', '…'],
    ['with combining characters', 'Zoe\u0308 Straße', '…'],
    ['with invisible characters', 'Ka\u200by Can\u00adary', '…'],
    ['escaped as in JSON', String.raw`"Zo\u00eb Stra\u00dfe"`, '"…"'],
    ['percent-encoded', 'Kay%20Canary Zo%C3%AB', '… Zo%C3%AB'],
    ['in a script without spaces', '用户田中不存在', '用户…不存在'],
    ['as a number with other separators', 'bad: +49 (155) 590-12/345.', 'bad: +….'],
    ['as a number without its country code', 'call 0155 59012345', 'call …'],
    ['as a number in scientific notation', '4.915559012345e12', '…e12'],
    ['as a number in digits of another script', '٤٩١٥٥٥٩٠١٢٣٤٥', '…'],
    ['as a short number with separators', 'code 47-11, not 14711', 'code …, not 14711'],
    ['as an identifier in uppercase', '{F81D4FAE7DEC41D0} F81D4FAE-7DEC-41D0', '{F81D4FAE7DEC41D0} …'],
    ['as an address', 'host 10.99.88.77:443', 'host …'],
    ['as part of a longer text', 'value "patient of the cl', 'value "… cl'],
    ['as a short name that is a separate word', 'ANN cannot', '… cannot'],
  ])('%s', (_, text, hidden) => {
    expect(hide(text)).toBe(hidden)
  })

  test.each(['the server closed the connection', 'SQLSTATE 57P01 at 2026-11-30', ''])(
    'but other text is not: %j',
    (text) => {
      expect(hide(text)).toBe(text)
    },
  )
})

/** U+FDFA, which folds to eighteen letters. */
const long = '\ufdfa'

describe('if the content is too large to search for, no text is shown', () => {
  const others = (count: number, value: (at: number) => string) =>
    Array.from({ length: count }, (_, at) => value(at))

  test.each([
    ['one value', [long.repeat(300_000)]],
    ['many values', others(30, (at) => `${at}${long.repeat(30_000)}`)],
    ['many words', others(10, (at) => `${at} `.repeat(200_000))],
  ])('of %s', (_, values) => {
    expect(createContentHider({ names: [], others: values })('harmless')).toBe(
      'text of 8 characters (not shown)',
    )
  })

  test('but texts are shown for 10,000 records with many identifiers', () => {
    const values = others(120_000, (at) => `f81d4fae-7dec-41d0-9c1f-${String(at).padStart(12, '0')}`)
    const hideAll = createContentHider({ names: [], others: values })
    expect(hideAll('harmless f81d4fae-7dec-41d0-9c1f-000000000007')).toBe('harmless …')
  })
})
