import { expect, test } from 'vitest'
import { wideComments } from './wide-comments.ts'
import { wrapComments } from './wrap-comments.ts'

const long = 'a word '.repeat(15).trim()
const wide = `${long}, ${long}`

test.for([
  ['a line', `// ${wide}`],
  ['a block of one line', `  /** ${wide} */`],
  ['a plain block', `/* ${wide} */`],
  ['a line of a block', `/**\n * ${wide}\n */`],
  ['the first line of a block', `/** ${wide}\n * and more */`],
  ['a comment after code', `const a = 1 // ${wide}`],
  ['a comment after a string', `readonly a: 'b' | 'c' // ${wide}`],
] as const)('%s that is wider than the code is found and wrapped', ([, source]) => {
  expect(wideComments(source)).toHaveLength(1)
  const wrapped = wrapComments(source)
  expect(wideComments(wrapped)).toEqual([])
  expect(words(wrapped).toSorted()).toEqual(words(source).toSorted())
  expect(wrapComments(wrapped)).toBe(wrapped)
})

test.for([
  ['a comment that fits', `// ${long}`],
  ['a string', `const a = b('c', '// ${wide}')`],
  ['code after a comment', `/* a */ const a = '${wide}'`],
  ['a URL', `// https://example.test/${'a'.repeat(120)}`],
] as const)('%s is left as it is', ([, source]) => {
  expect(wideComments(source)).toEqual([])
  expect(wrapComments(source)).toBe(source)
})

test('a paragraph is refilled to its end, and the text after it stays as it is', () => {
  const source = [`// ${wide}`, '// more', '//', '// - one', `// - ${wide}`, '//   more', '// - three'].join(
    '\n',
  )
  const wrapped = wrapComments(source).split('\n')
  expect(wrapped.filter((line) => line.endsWith(' more'))).toHaveLength(2)
  expect(wrapped).toContain('//')
  expect(wrapped.filter((line) => line.startsWith('// - '))).toHaveLength(3)
  expect(wrapped.filter((line) => line.startsWith('//   '))).not.toEqual([])
})

test('a trailing comment moves above its code', () => {
  expect(wrapComments(`  a() // ${wide}`).split('\n').at(-1)).toBe('  a()')
})

function words(text: string): string[] {
  return text.split(/[\s/*]+/).filter((word) => word !== '')
}
