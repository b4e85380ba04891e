import { expect, test } from 'vitest'
import { indexTemplate } from './index-template.ts'
import { overridingTemplate, type PresentTemplate, winningTemplate } from './present-templates.ts'

const template = (name: string, priority: number, ...patterns: readonly string[]): PresentTemplate => ({
  name,
  patterns,
  priority,
  isForDataStreams: false,
  version: 0,
  meta: undefined,
})

test.each([
  ['*', true],
  ['cdr-*', true],
  ['cdr-2*.*', true],
  ['cdr-2026.11', true],
  ['c*2026*1', true],
  ['cdr-2026', false],
  ['cdr-2026.1', false],
  ['xcdr-*', false],
  ['cdr-2026x11', false],
])('the pattern %s → matches cdr-2026.11: %o', (pattern, isMatching) => {
  expect(winningTemplate([template('a', 1, pattern)], 'cdr-2026.11') !== undefined).toBe(isMatching)
})

test('the template with the highest priority wins', () => {
  const all = [template('a', 1, '*'), template('b', 3, 'x-*', 'cdr-*'), template('c', 2, 'cdr-*')]
  expect(winningTemplate(all, 'cdr-2026.11')?.name).toBe('b')
})

test("a foreign template takes precedence only if its priority is above the sink's", () => {
  const own = indexTemplate()
  const priority = own.body.priority
  const found = (...all: readonly PresentTemplate[]) => overridingTemplate(all, own, 'cdr-2026.11')?.name
  expect(found(template('logs', priority - 1, '*'))).toBeUndefined()
  expect(found(template('cdr', priority + 1, 'cdr-2*.*'))).toBeUndefined()
  expect(found(template('all', priority + 1, '*'))).toBe('all')
})
