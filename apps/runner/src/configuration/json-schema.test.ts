import { globSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Ajv } from 'ajv'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { renderJsonSchema } from '../../scripts/json-schema/render-json-schema.ts'
import type { JsonSchema } from '../../scripts/json-schema/with-variables.ts'
import { configurations } from '../../test/support/canary-configurations.ts'
import { builtInSinks } from '../built-in-sinks.ts'
import { schemaComment } from './schema-comment.ts'
import { valueAt } from './value-at.ts'

const root = fileURLToPath(new URL('../../../../', import.meta.url))
const committed = readFileSync(new URL('../../cdrstream.schema.json', import.meta.url), 'utf8')
const schema: JsonSchema = JSON.parse(committed)
const ajv = new Ajv({ allErrors: true, strict: true, strictTypes: false, strictRequired: false })
const validate = ajv.compile(schema)

/** Returns where a configuration does not fit the schema, such as `/webex/pageSize`. */
function wrongPlaces(text: string, of = validate): readonly string[] {
  of(parse(text))
  return [...new Set((of.errors ?? []).map(({ instancePath }) => instancePath))]
}

test('the published JSON Schema matches the configuration (pnpm --filter cdrstream generate)', async () => {
  expect(committed).toBe(await renderJsonSchema(builtInSinks))
})

test('every key has a description', () => {
  const missing: string[] = []
  const look = (node: unknown, path: string): void => {
    if (typeof node !== 'object' || node === null) return
    for (const [key, inner] of Object.entries(valueAt(node, ['properties']) ?? {})) {
      // These conditions select the options by `use`.
      const isCondition = Object.hasOwn(inner, 'const') || path.endsWith('/then')
      if (!isCondition && !Object.hasOwn(inner, 'description')) missing.push(`${path}/${key}`)
    }
    for (const [key, inner] of Object.entries(node)) look(inner, `${path}/${key}`)
  }
  look(schema, '')
  expect(missing).toEqual([])
})

interface Example {
  readonly where: string
  readonly text: string
}

/** Returns all YAML examples in the documentation, and the configuration in the sink template. */
function examples(): readonly Example[] {
  const files = globSync(['*', '{docs,apps,packages,examples,tooling}/**/*.{md,yaml,yaml.template}'], {
    cwd: root,
    // Other tests create and delete directories meanwhile.
    exclude: (name) => /^(node_modules|dist|CHANGELOG[.]md|[.].*)$/.test(name),
  })
  const ofDocuments = files
    .filter((file) => /\.md$/.test(file))
    .flatMap((file) => {
      const blocks = readFileSync(root + file, 'utf8').matchAll(/^( *)```yaml\n(.*?)^ *```/gms)
      return Array.from(
        blocks,
        ([, indent = '', text = ''], index): Example => ({
          where: `${file} (${index + 1})`,
          text: text.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
        }),
      )
    })
  const templates = files
    .filter((file) => /\.yaml(\.template)?$/.test(file) && file.includes('cdrstream.yaml'))
    .map((file) => ({
      where: file,
      text: readFileSync(root + file, 'utf8').replaceAll('{{name}}', 'my-sink'),
    }))
  return [...ofDocuments, ...templates]
}

const sections = ['orgs', 'journal', 'sinks', 'http', 'webex']
const isWhole = ({ text }: Example) => /^orgs:/m.test(text) && /^sinks:/m.test(text)
const isPart = ({ text }: Example) => Object.keys(parse(text) ?? {}).some((key) => sections.includes(key))

describe('the documentation', () => {
  const whole = examples().filter(isWhole)
  const parts = examples().filter((example) => isPart(example) && !isWhole(example))

  test('contains examples', () => {
    expect(whole.length).toBeGreaterThanOrEqual(4)
    expect(parts.length).toBeGreaterThanOrEqual(8)
  })

  test.each(whole)(
    'has a complete example in $where that names the schema in its first line and fits it',
    ({ text }) => {
      expect(text.split('\n')[0]).toBe(schemaComment)
      expect(wrongPlaces(text)).toEqual([])
    },
  )

  test.each(parts)('has a partial example in $where that fits the schema', ({ text }) => {
    const { required: _, $id: __, ...partial } = schema
    expect(wrongPlaces(text, ajv.compile(partial))).toEqual([])
  })

  test('has examples of `fields` that fit the schema', () => {
    const fields = examples().filter(({ text }) => text.startsWith('fields:'))
    expect(fields).not.toEqual([])
    for (const { text } of fields) {
      const sink = { name: 'files', use: './sink.ts', ...parse(text) }
      expect(wrongPlaces(JSON.stringify({ ...parse(shortest), sinks: [sink] }))).toEqual([])
    }
  })
})

const shortest = `
orgs: [{ name: acme, auth: { accessToken: "\${TOKEN}" } }]
journal: { path: ./data/cdrstream.db }
sinks: [{ name: files, use: file, options: { directory: ./data/records } }]`

test.each(Object.keys(configurations))('a configuration that can be loaded fits the schema: %s', (name) => {
  expect(wrongPlaces(configurations[name] ?? '')).toEqual([])
})

test('the schema accepts a variable in place of a number, a duration, a size, a word, a time and a boolean', () => {
  const text = `
orgs: [{ name: "\${A}", auth: { accessToken: "\${A}" }, region: "\${A}", start: "\${N}h", locations: ["\${A}"] }]
journal: { path: "\${A}", keep: "\${A}", maxBytes: "\${file:/size}" }
sinks:
  - { name: a, use: file, from: "\${A}", options: { directory: "\${A}", compress: "\${A}", publishAfter: "\${A}" } }
  - { name: b, use: elasticsearch, options: { nodes: ["\${A}"], concurrency: "\${A}", manageTemplate: "\${A}" } }
  - { name: c, use: postgres, fields: { key: "\${A}", numbers: { mask: "\${A}" }, names: "\${A}" } }
webex: { baseUrl: "\${A}", pageSize: "\${A}", initialRequests: { count: "\${A}", per: "\${A}" } }`
  expect(wrongPlaces(text)).toEqual([])
})

test.each([
  ['webex: { pageSize: "5000" }', '/webex/pageSize'],
  ['webex: { pageSize: 0 }', '/webex/pageSize'],
  ['webex: { stream: { settle: 60 } }', '/webex/stream/settle'],
  ['webex: { tokenURL: https://webexapis.com }', '/webex'],
  ['orgs: [{ name: a }]', '/orgs/0'],
  ['orgs: [{ name: a, auth: { clientId: x } }]', '/orgs/0/auth'],
  ['orgs: [{ name: ../a, auth: { accessToken: x } }]', '/orgs/0/name'],
  ['orgs: [{ name: a, auth: { accessToken: x }, region: mars }]', '/orgs/0/region'],
  ['journal: { path: x, keep: 31 }', '/journal/keep'],
  ['sinks: []', '/sinks'],
  ['sinks: [{ name: f, use: file }]', '/sinks/0'],
  ['sinks: [{ name: f, use: file, options: { directory: x, x: 1 } }]', '/sinks/0/options'],
  ['sinks: [{ name: f, use: elasticsearch, options: { indexPrefix: x } }]', '/sinks/0/options'],
  ['sinks: [{ name: f, use: postgres, options: { rawText: "yes" } }]', '/sinks/0/options/rawText'],
  ['sinks: [{ name: f, use: ./f.ts, from: tomorrow }]', '/sinks/0/from'],
  ['sinks: [{ name: f, use: ./f.ts, fields: { start_time: hash } }]', '/sinks/0/fields/start_time'],
  ['sinks: [{ name: f, use: ./f.ts, fields: { xyzzy: drop } }]', '/sinks/0/fields'],
])('%s does not fit the schema', (section, place) => {
  const [name = ''] = section.split(':')
  const others = shortest.replace(new RegExp(`^${name}:.*$`, 'm'), '')

  expect(wrongPlaces(`${others}\n${section}`)).toContain(place)
})
