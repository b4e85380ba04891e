import type { EngineChange } from '@cdrstream/engine'
import { createNodePlatform } from '@cdrstream/engine/node'
import { beforeEach, describe, expect, it } from 'vitest'
import type { CollectConfiguration, OrgConfiguration } from '../configuration/configuration.ts'
import { Secret } from '../configuration/secret.ts'
import { LiveWords } from '../log/live-words.ts'
import { CollectorSetups } from './collector-setups.ts'
import { CurrentConfiguration } from './current-configuration.ts'
import { Reloader } from './reloader.ts'

const dayMs = 86_400_000

function org(
  name: string,
  token = `token-of-${name}`,
  more: Partial<OrgConfiguration> = {},
): OrgConfiguration {
  const own = { name, credential: name, baseUrl: 'http://127.0.0.1:1', region: 'fixed' as const }
  const auth = { kind: 'access-token' as const, accessToken: new Secret(token) }
  return { ...own, auth, apiHosts: [], locations: [], reachMs: dayMs, ...more }
}

function sink(name: string, identity = 'first'): CollectConfiguration['sinks'][number] {
  const checked = { traits: { idempotence: 'key' as const }, create: () => ({ open: async () => never }) }
  return { name, identity, sink: checked, from: 'earliest', fields: {} }
}

const never = { kind: 'retry' } as const

function configuration(orgs: readonly OrgConfiguration[], sinks = [sink('files')]): CollectConfiguration {
  const rate = { count: 1, perMs: 60_000 }
  return {
    orgs,
    sinks,
    sinkNames: sinks.map(({ name }) => name),
    journal: { path: '/data/cdrstream.db', keepMs: 31 * dayMs, maxBytes: 1e9, minFreeDiskBytes: 0 },
    allowedHosts: [],
    terms: {
      pageSize: 500,
      initialRequests: rate,
      pageRequests: rate,
      stream: { settleMs: 60_000, retentionMs: dayMs, maxWindowMs: 3_600_000 },
    },
    baseDirectory: '/etc/cdrstream',
    authorities: undefined,
    certificate: undefined,
    sinkSecrets: [],
    fileWarnings: [],
  }
}

let running: CurrentConfiguration
let setups: CollectorSetups
let reloader: Reloader
let wanted: CollectConfiguration | readonly string[]
let loads: number
let applied: EngineChange[]
let end: Promise<'applied' | 'stopping'>
let limits: unknown[]
let renamed: string[]
let stopping: AbortController
let words: LiveWords
let problems: unknown[]

beforeEach(() => {
  const log = {
    debug() {},
    info() {},
    warn() {},
    error: (_: string, fields?: object) => problems.push(fields),
  }
  const transport = () => async () => Promise.reject(new Error('no network'))
  running = new CurrentConfiguration(configuration([org('acme'), org('blue')]))
  setups = new CollectorSetups(running.current, {
    platform: createNodePlatform(),
    log: { ...log, error() {} },
    userAgent: 'test',
    transport,
  })
  loads = 0
  applied = []
  limits = []
  renamed = []
  problems = []
  end = Promise.resolve('applied')
  stopping = new AbortController()
  words = new LiveWords([])
  reloader = new Reloader({
    load: async () => {
      loads += 1
      return Array.isArray(wanted)
        ? { kind: 'problems', lines: wanted }
        : { kind: 'configuration', configuration: wanted as CollectConfiguration }
    },
    configuration: running,
    setups,
    engine: {
      apply: async (change) => {
        applied.push(change)
        await change.beforeStart?.()
        return end
      },
    },
    journal: {
      setLimits: (changed) => limits.push(changed),
      orgs: async () => ['acme', 'blue'],
      renameOrg: async (formerly, name) => {
        renamed.push(`${formerly} to ${name}`)
        return 'renamed'
      },
    },
    words,
    log: { ...log, error: (_: string, fields?: object) => void problems.push(fields) },
    stopping: stopping.signal,
    replaced() {},
    applied() {},
  })
})

describe('a reload', () => {
  it('replaces only what has changed', async () => {
    const [acme, blue] = setups.orgs
    const [files] = setups.sinks
    const signIn = setups.signIns.get('acme')
    wanted = configuration(
      [org('cyan'), org('acme'), org('blue', 'rotated')],
      [sink('search'), sink('files')],
    )
    expect(await reloader.reload()).toMatchObject({
      kind: 'reloaded',
      difference: {
        orgs: { added: ['cyan'], changed: ['blue'], removed: [] },
        sinks: { added: ['search'], changed: [], removed: [] },
      },
    })
    expect(applied[0]?.orgs.map(({ name }) => name)).toEqual(['cyan', 'acme', 'blue'])
    expect(applied[0]?.orgs[1]).toBe(acme)
    expect(applied[0]?.orgs[2]).not.toBe(blue)
    expect(applied[0]?.sinks[1]).toBe(files)
    expect(setups.signIns.get('acme')).toBe(signIn)
    expect([...setups.signIns.keys()]).toEqual(['cyan', 'acme', 'blue'])
    expect(running.orgs).toHaveLength(3)
  })

  it('masks both new and old secrets', async () => {
    words.add([new Secret('token-of-blue')])
    wanted = configuration([org('acme'), org('blue', 'rotated-token')])
    await reloader.reload()
    expect(words.words('token-of-blue and rotated-token')).toBe('[secret] and [secret]')
  })

  it('does nothing if the configuration is unchanged', async () => {
    wanted = configuration([org('acme'), org('blue')])
    expect((await reloader.reload()).kind).toBe('reloaded')
    expect(applied).toEqual([])
  })

  it('with an invalid configuration is refused, and the old configuration stays in use', async () => {
    const before = running.current
    wanted = ['cdrstream.yaml:3:5 orgs: expected a list']
    expect(await reloader.reload()).toEqual({ kind: 'refused', lines: wanted })
    expect(problems).toEqual([{ code: 'reload-refused', problems: wanted }])
    expect(running.current).toBe(before)
    expect(applied).toEqual([])
  })

  it('that fails unexpectedly does not stop the collector', async () => {
    end = Promise.reject(new Error('a bug'))
    wanted = configuration([org('acme')])
    expect((await reloader.reload()).kind).toBe('refused')
    expect(problems).toMatchObject([{ code: 'reload-failed' }])
  })

  it('applies new journal limits, but not a new journal path or new API terms', async () => {
    const now = configuration([org('acme'), org('blue')])
    const journal = { ...now.journal, path: '/other.db', keepMs: dayMs }
    wanted = { ...now, journal, terms: { ...now.terms, pageSize: 100 } }
    expect(await reloader.reload()).toMatchObject({
      difference: { settings: ['journal.keep'], needRestart: ['journal.path', 'webex.pageSize'] },
    })
    expect(limits).toMatchObject([{ keepMs: dayMs }])
    expect(running.journal.path).toBe('/data/cdrstream.db')
    expect(running.terms.pageSize).toBe(500)
  })

  it('renames an org in the journal before starting it under its new name', async () => {
    wanted = configuration([org('acme'), org('globex', 'token-of-blue', { formerly: 'blue' })])
    await reloader.reload()
    expect(renamed).toEqual(['blue to globex'])
    wanted = configuration([org('acme', 'rotated'), org('globex', 'token-of-blue', { formerly: 'blue' })])
    await reloader.reload()
    expect(renamed).toHaveLength(1)
  })

  it('reports if the collector is stopping', async () => {
    end = Promise.resolve('stopping')
    wanted = configuration([org('acme')])
    expect(await reloader.reload()).toEqual({ kind: 'stopping' })
    stopping.abort()
    expect(await reloader.reload()).toEqual({ kind: 'stopping' })
    expect(loads).toBe(1)
  })
})

it('requests made during a reload share the next reload, which reads the file again', async () => {
  wanted = configuration([org('acme')])
  const first = reloader.reload()
  const others = [reloader.reload(), reloader.reload()]
  wanted = configuration([org('acme'), org('cyan')])
  expect(await first).toMatchObject({ difference: { orgs: { removed: ['blue'] } } })
  const [second, third] = await Promise.all(others)
  expect(second).toMatchObject({ difference: { orgs: { added: ['cyan'] } } })
  expect(third).toBe(second)
  expect(loads).toBe(2)
  await reloader.reload()
  expect(loads).toBe(3)
})
