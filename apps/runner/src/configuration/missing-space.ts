import { knownKeys } from './known-words.ts'

const keyWithoutSpace = /^["']?(\w+)["']?:[^\s/]/

/** Returns what a person probably forgot in `accessToken:NWIw…`; undefined for any other text. */
export function missingSpace(text: string): string | undefined {
  const [, key = ''] = keyWithoutSpace.exec(text) ?? []
  return knownKeys.has(key) ? `is a space missing after "${key}:"?` : undefined
}

/** The same for a line of a file, anywhere where a key may stand; comments and the content of quotes do not count. */
export function missingSpaceIn(line: string): string | undefined {
  for (const [start] of line.matchAll(/(?:^|[{,]|- )\s*["']?\w+["']?:[^\s/]/g)) {
    const hint = missingSpace(start.replace(/^(?:[{,]|- )?\s*/, ''))
    if (hint !== undefined) return hint
  }
  return undefined
}
