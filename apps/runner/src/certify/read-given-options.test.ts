import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { readGivenOptions } from './read-given-options.ts'

const options = { url: 'http://127.0.0.1:8080', password: 'canary' }
const json = JSON.stringify(options)

function fileOf(content: string | Buffer): string {
  const directory = mkdtempSync(join(tmpdir(), 'cdrstream-options-'))
  onTestFinished(() => rmSync(directory, { recursive: true }))
  const file = join(directory, 'options.json')
  writeFileSync(file, content)
  return file
}

const readFrom = {
  'a file': (content: string | Buffer) =>
    readGivenOptions(
      { optionsFile: fileOf(content) },
      { input: () => Promise.reject(new Error('no standard input')) },
    ),
  'standard input': (content: string | Buffer) =>
    readGivenOptions({ optionsFile: '-' }, { input: async () => Buffer.from(content) }),
}

describe.each(Object.entries(readFrom))('options from %s', (_, read) => {
  test.each([
    ['as they are', json],
    ['with a byte order mark', `\uFEFF${json}`],
    [
      'on several lines with Windows line endings',
      JSON.stringify(options, undefined, 2).replaceAll('\n', '\r\n'),
    ],
  ])('are read %s', async (_, content) => {
    expect(await read(content)).toEqual({ kind: 'options', options })
  })

  test.each<readonly [string, string | Buffer, string]>([
    ['nothing', '', 'found nothing'],
    ['only a byte order mark', '\uFEFF\n', 'found nothing'],
    ['comments', `// canary\n${json}`, 'comments'],
    ['a trailing comma', json.replace('}', ',}'), 'commas'],
    ['a list', '["canary"]', 'a list'],
    ['null', 'null', 'another value'],
    ['UTF-16', Buffer.from(`\uFEFF${json}`, 'utf16le'), 'UTF-8'],
    ['Latin-1', Buffer.from('{"password":"canary\u00e9"}', 'latin1'), 'UTF-8'],
    ['too many levels', `${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}`, 'levels'],
  ])('that contain %s give a one-line problem without their content', async (_, content, found) => {
    const given = await read(content)
    if (given.kind !== 'problem') throw new Error('no problem')
    expect(given.line).toContain(found)
    expect(given.line).toMatch(/^[^\n]+ \[certify-options\]$/)
    expect(given.line).not.toContain('canary')
  })
})

test.each([
  ['is a directory', tmpdir(), 'directory'],
  ['is not there', join(tmpdir(), 'cdrstream-no-such-file'), 'no such file'],
  ['has too long a name', `/tmp/${'x'.repeat(5_000)}`, 'too long'],
])(
  'a file that %s gives a problem of one line and a few hundred characters',
  async (_, optionsFile, reason) => {
    const given = await readGivenOptions({ optionsFile }, { input: async () => Buffer.from('') })
    if (given.kind !== 'problem') throw new Error('no problem')
    expect(given.line).toContain(reason)
    expect(given.line.length).toBeLessThan(500)
  },
)
