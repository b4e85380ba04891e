import type { Chance } from '@cdrstream-internal/chance'

type Mutation = (text: string, chance: Chance) => string

/** Returns the text with one to three typos. */
export function mutate(text: string, chance: Chance): string {
  const count = chance.oneOf([1, 1, 2, 3])
  return Array.from({ length: count }).reduce<string>((rest) => chance.oneOf(mutations)(rest, chance), text)
}

const special = [...':{}[],&*!|>\'"%@`#?-$\\ \n\t\ufeff\u0085\u2028\u202e\u0007'] as unknown as readonly [
  string,
]

const mutations: readonly [Mutation, ...Mutation[]] = [
  // One or a few characters missing or added.
  (text, chance) => cut(text, chance.integer(0, text.length - 1), 1),
  (text, chance) => cut(text, chance.integer(0, text.length - 1), chance.integer(2, 30)),
  (text, chance) => insert(text, chance.integer(0, text.length), chance.oneOf(special)),
  (text, chance) => replaceOne(text, /./g, chance, () => chance.oneOf(special)),
  // Spaces, quotes, colons and brackets.
  (text, chance) => replaceOne(text, /: /g, chance, () => ':'),
  (text, chance) => replaceOne(text, /: /g, chance, () => ' '),
  (text, chance) => replaceOne(text, /: /g, chance, () => ' : '),
  (text, chance) => replaceOne(text, /["']/g, chance, () => ''),
  (text, chance) => replaceOne(text, /["']/g, chance, () => chance.oneOf(["'", '"', '`', '’'])),
  (text, chance) => replaceOne(text, /[{}[\],]/g, chance, () => ''),
  (text, chance) => replaceOne(text, / +/g, chance, () => '\t'),
  (text, chance) => replaceOne(text, /^ +/gm, chance, () => ' '.repeat(chance.integer(0, 9))),
  // Lines.
  (text, chance) => replaceOne(text, /\n */g, chance, () => ''),
  (text, chance) => replaceOne(text, /\n */g, chance, () => ' '),
  (text, chance) => replaceOne(text, /^.*\n/gm, chance, () => ''),
  (text, chance) => replaceOne(text, /^.*\n/gm, chance, (line) => line + line),
  (text, chance) =>
    replaceOne(text, /^(.*\n)(.*\n)/gm, chance, (lines) => lines.split('\n').reverse().join('\n')),
  (text, chance) => replaceOne(text, / (?=\S)/g, chance, () => '\n'),
  (text, chance) => replaceOne(text, /^/gm, chance, () => chance.oneOf(['---\n', '...\n', '%YAML 1.1\n'])),
  // Keys and values.
  (text, chance) => replaceOne(text, /["']?\w+["']?: */g, chance, () => ''),
  (text, chance) => replaceOne(text, /["']?\w+["']?: */g, chance, () => '? '),
  (text, chance) =>
    replaceOne(text, /(?<=\w: ?)(?=\S)/g, chance, () =>
      chance.oneOf(['? ', '- ', ': ', '| ', '>\n', '!!int ']),
    ),
  (text, chance) =>
    replaceOne(
      text,
      /(?<=: )\S+/g,
      chance,
      (value) => `${chance.oneOf(['&a ', '*a ', '!x ', '${', '$'])}${value}`,
    ),
  (text, chance) =>
    replaceOne(text, /(?<=: )\S+/g, chance, (value) =>
      chance.oneOf([`{ ${value} }`, `[${value}]`, `"${value}`, `${value}: x`]),
    ),
  (text, chance) => replaceOne(text, /\w+: \S+/g, chance, (pair) => pair.split(': ').reverse().join(': ')),
]

function cut(text: string, at: number, characters: number): string {
  return text.slice(0, at) + text.slice(at + characters)
}

function insert(text: string, at: number, more: string): string {
  return text.slice(0, at) + more + text.slice(at)
}

/** Replaces one of the matches. */
function replaceOne(
  text: string,
  pattern: RegExp,
  chance: Chance,
  change: (found: string) => string,
): string {
  const found = [...text.matchAll(pattern)]
  if (found.length === 0) return text
  const { 0: match, index } = found[chance.integer(0, found.length - 1)] ?? { 0: '', index: 0 }
  return text.slice(0, index) + change(match) + text.slice(index + match.length)
}
