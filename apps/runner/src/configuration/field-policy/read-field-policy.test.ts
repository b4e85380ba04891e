import { createHmac } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { catalogue } from '@cdrstream/catalogue'
import { createRecordMask } from '@cdrstream/core'
import { describe, expect, test } from 'vitest'
import type { Path } from '../place.ts'
import { plainValue } from '../plain-value.ts'
import { placedProblem, problemLine } from '../problem.ts'
import { readYaml } from '../read-yaml.ts'
import { readFieldPolicy } from './read-field-policy.ts'

const key = 'canary-key-of-masking'

function read(yaml: string, path: Path = ['fields']) {
  const reading = readYaml(yaml)
  if (reading.kind === 'syntax') throw new Error(JSON.stringify(reading.errors))
  const surroundings = { variable: () => key, fileContent: () => key }
  return readFieldPolicy(
    plainValue(reading.document, reading.placeAt, surroundings, () => false),
    path,
  )
}

/** Returns a record as a sink with these `fields` receives it. */
function seen(yaml: string, content: Readonly<Record<string, unknown>>) {
  const { problems, policy } = read(yaml)
  expect(problems).toEqual([])
  return JSON.parse(createRecordMask(policy).apply(JSON.stringify(content)))
}

const record = {
  'Calling number': '+4930123456',
  'Called number': '+4930654321',
  User: 'Jane',
  'User UUID': '7f1b',
  'Call ID': 'abc@10.1.2.3',
  'Authorization code': '4711',
  'Transfer type context': 'a clinic',
  'Start time': '2026-11-24T11:00:00.000Z',
  'New field': 1,
}

describe('a valid policy', () => {
  test('applies to each class, to a field before its class, and to unknown fields', () => {
    const yaml = `
fields:
  key: "\${MASKING_KEY}"
  numbers: { mask: 4 }
  names: drop
  identifiers: hash
  addresses: drop
  secrets: keep
  context: drop
  called_number: keep
  start_time: drop
  unknown: drop
`
    expect(seen(yaml, record)).toEqual({
      'Calling number': '+******3456',
      'Called number': '+4930654321',
      User: '',
      'User UUID': createHmac('sha256', key).update('7f1b').digest('hex'),
      'Call ID': '',
      'Authorization code': '4711',
      'Transfer type context': '',
      'Start time': '',
    })
  })

  test.each(['', 'fields: {}', 'fields: { secrets: drop }', 'fields: { numbers: keep, unknown: keep }'])(
    'keeps everything but secrets by default: %j',
    (yaml) => {
      expect(seen(yaml, record)).toEqual({ ...record, 'Authorization code': '' })
    },
  )

  test('does not contain the key, which is hidden from the log', () => {
    const { secrets, policy } = read(`fields: { key: "\${K}", names: hash }`)

    expect(secrets.map((secret) => secret.reveal())).toEqual([key])
    expect(JSON.stringify(policy)).not.toContain(key)
  })
})

describe('a problem is reported in one line with its place, never with the key', () => {
  const cases: readonly (readonly [yaml: string, line: RegExp])[] = [
    ['{ caling_number: drop }', /fields\.caling_number: .*did you mean calling_number\?/],
    ['{ "Calling number": drop }', /fields\."Calling number": .*did you mean calling_number\?/],
    ['{ number: drop }', /fields\.number: .*did you mean numbers\?/],
    ['{ xyzzy: drop }', /fields\.xyzzy: unknown key, expected/],
    ['{ __proto__: drop }', /fields: unknown key/],
    ['{ names: dorp }', /fields\.names: did you mean drop\? expected .*found "dorp"/],
    ['{ names: }', /fields\.names: expected .*found nothing/],
    ['{ numbers: { mask: 16 } }', /fields\.numbers: expected .*found a mapping/],
    ['{ numbers: { mask: 4, keep: 1 } }', /fields\.numbers: expected/],
    ['{ numbers: mask }', /fields\.numbers: expected/],
    ['{ unknown: hash }', /fields\.unknown: expected keep or drop, found "hash"/],
    ['{ names: hash }', /fields\.key: expected .*found nothing/],
    ['{ key: canary-short, names: hash }', /fields\.key: expected .*not shown/],
    ['{ key: canarycanarycanary, names: hash }', /fields\.key: expected random .*not shown/],
    ['{ key: 1234567890123456, names: hash }', /fields\.key: expected .*a number/],
    ['{ key: canary-key-of-masking, duration: hash }', /fields\.duration: expected keep or drop/],
    ['{ start_time: { mask: 4 } }', /fields\.start_time: expected keep or drop/],
    ['{ report_id: drop }', /fields\.report_id: expected keep/],
  ]

  test.each(cases)('%s', (fields, line) => {
    const { problems } = read(`fields: ${fields}`)

    const lines = problems.map((problem) => problemLine(placedProblem('x', { line: 1, column: 1 }, problem)))
    expect(lines).toEqual([expect.stringMatching(line)])
    expect(lines.join()).not.toContain('canary')
    expect(lines.join()).not.toContain('\n')
  })

  test('together with all other problems', () => {
    const { problems } = read('fields: { numbers: no, names: drop, xyzzy: 1, unknown: 2 }')

    expect(problems).toHaveLength(3)
  })
})

describe('the documentation', () => {
  const text = (path: string) => readFileSync(new URL(`../../../../../${path}`, import.meta.url), 'utf8')

  test('has valid examples', () => {
    const blocks = [...text('docs/personal-data.md').matchAll(/```yaml\n(fields:.*?)```/gs)]
    const [, whole = ''] = /```yaml\n(.*?)```/s.exec(text('docs/personal-data.md')) ?? []

    const readings = [...blocks.map(([, yaml = '']) => read(yaml)), read(whole, ['sinks', 0, 'fields'])]
    expect(readings.map(({ problems, secrets }) => [problems.length, secrets.length])).toEqual([
      [0, 1],
      [0, 1],
    ])
  })

  test('lists the fields of each class', () => {
    const rows = [...text('docs/personal-data.md').matchAll(/^\| `(\w+)`\s+\|(.*)\|$/gm)]
    const documented = new Map(rows.map(([, word = '', cell = '']) => [word, cell]))
    const words = {
      number: 'numbers',
      name: 'names',
      identifier: 'identifiers',
      address: 'addresses',
      secret: 'secrets',
      context: 'context',
    }

    for (const { column, personal } of catalogue) {
      if (personal !== 'none') expect(documented.get(words[personal]), column).toContain(`\`${column}\``)
    }
  })
})
