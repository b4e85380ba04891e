import type { Chance } from '@cdrstream-internal/chance'
import { makeItem } from './make-item.ts'
import { mutateBytes } from './mutate-bytes.ts'

/** Returns a page's bytes: intact in three of five cases, otherwise with an error. */
export function makePage(chance: Chance): Buffer {
  const items = Array.from({ length: chance.integer(0, 3) }, () => makeItem(chance))
  if (chance.happens(0.3)) items.push(...items.slice(0, 2))
  if (chance.happens(0.0005)) items.push(...Array.from({ length: 5_000 }, () => '0'))
  let page: Buffer = Buffer.from(wrapped(items, chance))
  while (chance.happens(0.4)) page = mutateBytes(page, pageWords, chance)
  return page
}

function wrapped(items: readonly string[], chance: Chance): string {
  const list = `[${items.join()}]`
  if (chance.happens(0.7)) return `{"items":${list}}`
  return chance.oneOf([
    `{"items" : ${list} , "total" : ${items.length}}`,
    `\ufeff{"items":${list}}`,
    `\n\t {"a":[],"items":${list},"items ":1}\r\n`,
    `{"items":[1],"items":${list}}`,
    `{"items":${list},"items":null}`,
    `{"items":${list},"\\u0069tems":[{"Report ID":"another"}]}`,
    `{"__proto__":{"items":${list}}}`,
    `{"__proto__":{"polluted":true},"items":${list}}`,
    `{"Items":${list}}`,
    `{"items":{"0":${list}}}`,
    `{"items":"${list.length}"}`,
    `{"message":"no","items":${list}}`,
    `{${'"other":0,'.repeat(chance.integer(7, 9))}"items":${list}}`,
    `{"a":"\\"items\\":[","items":${list}}`,
    `{"items":${list}}{"items":[]}`,
    list,
    '{}',
    'null',
    '',
    '<!DOCTYPE html><html><body>Sign in</body></html>',
  ])
}

const pageWords = [
  ...['"items":[', ']', '}', '{', ',', ':', '"', '\\', '\\u0000', '\\ud800', 'null', '[]', '{}', '1e999'],
  ...[
    '"__proto__":',
    '\ufeff',
    '\u2028',
    '/*',
    '//',
    'NaN',
    ',,',
    '[[[[[[',
    '{"items":[]}',
    'undefined',
    '\n',
    '\t',
    '\0',
  ],
]
