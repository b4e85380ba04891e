import { knownKeys } from './known-words.ts'

const keyWithoutSpace = /^(\w+):[^\s/]/

/** Returns a hint for text such as `accessToken:NWIw…`, or undefined for any other text. */
export function missingSpace(text: string): string | undefined {
  const [, key = ''] = keyWithoutSpace.exec(text) ?? []
  return knownKeys.has(key) ? `is a space missing after "${key}:"?` : undefined
}

/** Returns the same hint for a line, wherever a key can begin. In braces, a quoted key needs no space. */
export function missingSpaceIn(line: string): string | undefined {
  const inBlock = /^\s*(?:- )?["']?(\w+)["']?(:[^\s/])/.exec(line)
  const inBraces = [...line.matchAll(/[{,]\s*(\w+)(:[^\s/])/g)]
  return [...(inBlock === null ? [] : [inBlock]), ...inBraces]
    .map(([, key = '', rest = '']) => missingSpace(key + rest))
    .find((hint) => hint !== undefined)
}
