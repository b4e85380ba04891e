import { describe, expect, test } from 'vitest'
import type { z } from 'zod'
import { byteSizeOption, durationOption, httpUrlOption, pathOption, textOption } from './options.ts'

/** Returns the parsed value of the option, or the error message if it is refused. */
function read(option: z.ZodType, given: unknown): unknown {
  const { success, data, error } = option.safeParse(given)
  return success ? data : error.issues.map(({ message }) => message).join()
}

describe('a size', () => {
  const option = byteSizeOption({ least: '1KB', most: '1MB', example: '5KB' })

  test.each([
    ['1KB', 1_000],
    ['1MB', 1_000_000],
  ])('of %s is accepted at its bound', (text, bytes) => {
    expect(read(option, text)).toBe(bytes)
  })

  test.each(['999B', '1001KB', '5 KB', '', 5_000, undefined])('of %j is refused', (given) => {
    expect(read(option, given)).toBe(
      'expected a size from 1KB to 1MB: a whole number and B, KB, MB, GB or TB, such as 5KB',
    )
  })
})

describe('a duration', () => {
  test.each([
    [{ example: '60s' }, '250ms', 250],
    [{ example: '60s' }, '1 h', 'expected a duration: a whole number and ms, s, m, h or d, such as 60s'],
    [{ least: '31d', example: '400d' }, '31d', 31 * 86_400_000],
    [{ least: '31d', example: '400d' }, '30d', 'expected a duration of at least 31d, such as 400d'],
    [{ most: '1m', example: '5s' }, '61s', 'expected a duration of at most 1m, such as 5s'],
  ])('with the bounds %j parses %s as %j', (bounds, text, expected) => {
    expect(read(durationOption(bounds), text)).toBe(expected)
  })

  test('with an invalid bound throws, because it is a bug in the sink', () => {
    expect(() => durationOption({ least: 'a day', example: '1d' })).toThrow(TypeError)
  })
})

test.each([
  ['https://user:secret@example.com', 'with a user and a password'],
  ['https://user@example.com', 'with a user'],
  ['ftp://example.com', 'with a different protocol'],
  ['example.com', 'without a protocol'],
])('the URL %s is refused: %s', (given) => {
  expect(read(httpUrlOption(), given)).toBe('expected an http or https URL without a user name or password')
})

test.each(['http://127.0.0.1:9200', 'https://example.com/calls?a=b'])('the URL %s is accepted', (given) => {
  expect(read(httpUrlOption(), given)).toBe(given)
})

test('a path and text must not be empty, and a path must not contain NUL', () => {
  expect(['', 'a\0b', 'a b'].map((given) => read(pathOption('a file'), given))).toEqual([
    'expected the path of a file',
    'expected the path of a file',
    'a b',
  ])
  expect(['', ' '].map((given) => read(textOption(), given))).toEqual(['expected non-empty text', ' '])
})
