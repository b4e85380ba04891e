import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { builtInSinks } from '../built-in-sinks.ts'
import { loadToCollect, loadToLook, loadToSignIn, type SinkSource } from './load-configuration.ts'

let directory: string
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'cdrstream-odd-paths-'))
  onTestFinished(() => rmSync(directory, { recursive: true }))
})

/** Returns a configuration in JSON that is valid except for one value. */
function configurationWith(change: (parts: ReturnType<typeof rightParts>) => void): string {
  const parts = rightParts()
  change(parts)
  return JSON.stringify(parts)
}

function rightParts() {
  const options: Record<string, unknown> = { directory: './records' }
  return {
    orgs: [{ name: 'acme', auth: { accessToken: 'token' }, locations: ['Berlin'] }],
    journal: { path: './journal.db' },
    sinks: [{ name: 'files', use: 'file', options }],
    webex: {} as Record<string, unknown>,
  }
}

function postgresWith(option: string, value: string) {
  return (parts: ReturnType<typeof rightParts>) => {
    const url = 'postgres://127.0.0.1/calls'
    parts.sinks = [{ name: 'files', use: 'postgres', options: { url, [option]: value } }]
  }
}

function elasticsearchWith(option: string, value: unknown) {
  return (parts: ReturnType<typeof rightParts>) => {
    const nodes = ['https://127.0.0.1:9200']
    parts.sinks = [{ name: 'files', use: 'elasticsearch', options: { nodes, [option]: value } }]
  }
}

type Setter = (value: string) => (parts: ReturnType<typeof rightParts>) => void

const places: Readonly<Record<string, Setter>> = {
  'journal.path': (value) => (parts) => {
    parts.journal.path = value
  },
  'webex.ca': (value) => (parts) => {
    parts.webex.ca = value
  },
  'webex.baseUrl': (value) => (parts) => {
    parts.webex.baseUrl = `https://${value}`
  },
  'webex.allowedHosts': (value) => (parts) => {
    parts.webex.allowedHosts = [value]
  },
  'orgs[0].name':
    (value) =>
    ({ orgs: [org] }) => {
      Object.assign(org ?? {}, { name: value })
    },
  'orgs[0].locations':
    (value) =>
    ({ orgs: [org] }) => {
      Object.assign(org ?? {}, { locations: [value] })
    },
  'sinks[0].name':
    (value) =>
    ({ sinks: [sink] }) => {
      Object.assign(sink ?? {}, { name: value })
    },
  'sinks[0].use, a package':
    (value) =>
    ({ sinks: [sink] }) => {
      Object.assign(sink ?? {}, { use: value })
    },
  'sinks[0].use, a path':
    (value) =>
    ({ sinks: [sink] }) => {
      Object.assign(sink ?? {}, { use: `./${value}` })
    },
  'sinks[0].options.directory':
    (value) =>
    ({ sinks: [sink] }) => {
      Object.assign(sink ?? {}, { options: { directory: value } })
    },
  '${file:}':
    (value) =>
    ({ sinks: [sink] }) => {
      Object.assign(sink ?? {}, { options: { directory: `\${file:${value}}` } })
    },
  'sslrootcert of Postgres': (value) => postgresWith('sslrootcert', value),
  'schema of Postgres': (value) => postgresWith('schema', value),
  'ca of Elasticsearch': (value) => elasticsearchWith('ca', value),
  'indexPrefix of Elasticsearch': (value) => elasticsearchWith('indexPrefix', value),
}

const oddities: Readonly<Record<string, string>> = {
  NUL: 'a\0b',
  'an escape sequence': 'a\u001b[2Jb',
  'a line break': 'a\nb',
  'a C1 control character': 'a\u009bb',
  'half a surrogate pair': 'a\ud800b',
  '100,000 characters': 'x'.repeat(100_000),
}

const purposes = {
  collect: loadToCollect,
  look: async (source: SinkSource) => loadToLook(source),
  'sign-in': async (source: SinkSource) => loadToSignIn(source),
} as const

describe.each(Object.entries(places))('a bad value at %s', (place, set) => {
  test.each(Object.entries(oddities))(
    'that contains %s is reported in one printable line',
    async (_, value) => {
      const file = join(directory, 'cdrstream.yaml')
      writeFileSync(file, configurationWith(set(value)))
      for (const [purpose, load] of Object.entries(purposes)) {
        const loaded = await load({ file, builtInSinks, variable: () => undefined })
        // Commands that need no sinks do not check values that only sinks use.
        if (purpose !== 'collect' && loaded.kind === 'configuration') {
          expect(place).toMatch(/options|file:|of Postgres|of Elasticsearch/)
          continue
        }
        if (loaded.kind !== 'problems') throw new Error(`accepted for ${purpose}`)
        expect(loaded.lines).toHaveLength(1)
        expect(loaded.lines[0]).toMatch(/^\S+cdrstream\.yaml:1:\d+ \P{Cc}+$/u)
        expect(loaded.lines[0]?.length).toBeLessThan(500)
      }
    },
  )
})

test.each(['journal.path', 'sinks[0].options.directory', 'sinks[0].use, a path'])(
  'a name that is too long for the file system is reported in one printable line: %s',
  async (place) => {
    const file = join(directory, 'cdrstream.yaml')
    writeFileSync(file, configurationWith(places[place]?.(`./${'y'.repeat(300)}`) ?? (() => {})))
    const loaded = await loadToCollect({
      file,
      builtInSinks,
      variable: () => undefined,
    })
    expect(loaded).toMatchObject({ kind: 'problems', lines: [expect.any(String)] })
  },
)
