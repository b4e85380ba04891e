import { readFile } from 'node:fs/promises'
import { request } from 'node:https'
import { type ElasticsearchServer, startElasticsearch } from '@cdrstream-internal/services'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { indexTemplate } from '../src/index.ts'
import { basic, type Role, rolePassword, writeFileRoles } from './support/file-roles.ts'
import { serverStartMs } from './support/test-places.ts'
import { testBatch, testRecord } from './support/test-record.ts'
import { call, openCall, openTestSession, testSink } from './support/test-sink.ts'

/** The privileges that the README lists. */
const always = ['create_index', 'index', 'read', 'view_index_metadata', 'maintenance'] as const

/** A role that can write to the indices with the prefix and do nothing else. */
const writer = (privileges: readonly string[] = always, cluster: readonly string[] = []): Role => ({
  cluster,
  indices: [{ names: ['cdr-*'], privileges }],
})

const roles: Readonly<Record<string, Role>> = {
  writer: writer(),
  monitoring: writer(always, ['monitor']),
  templating: writer(always, ['monitor', 'manage_index_templates']),
  deleting: writer([...always, 'delete_index']),
  ...Object.fromEntries(
    always.map((lacking) => [
      `no_${lacking}`,
      writer(
        always.filter((privilege) => privilege !== lacking),
        ['monitor'],
      ),
    ]),
  ),
}

let server: ElasticsearchServer
let superuser: NonNullable<ElasticsearchServer['superuser']>
let ca: Buffer

beforeAll(async () => {
  server = await startElasticsearch({ security: true })
  if (server.superuser === undefined) throw new Error('no superuser')
  superuser = server.superuser
  ca = await readFile(superuser.ca)
  await grant(roles)
}, serverStartMs)
afterAll(() => server.stop(), serverStartMs)

function grant(given: Readonly<Record<string, Role>>) {
  return writeFileRoles(
    server,
    given,
    async (path, authorization) => (await ask('GET', path, { authorization })).status === 200,
  )
}

function ask(
  method: string,
  path: string,
  {
    authorization = basic(superuser.username, superuser.password),
    body,
  }: { authorization?: string; body?: object } = {},
): Promise<{ status: number | undefined; body: { count?: number } }> {
  return new Promise((answered, failed) => {
    const headers = { authorization, 'content-type': 'application/json' }
    const asking = request(server.url + path, { method, ca, headers }, (response) => {
      let text = ''
      response.on('data', (chunk) => {
        text += chunk
      })
      response.on('end', () => answered({ status: response.statusCode, body: JSON.parse(text || '{}') }))
    })
    asking.on('error', failed)
    asking.end(body === undefined ? '' : JSON.stringify(body))
  })
}

const sinkOf = (username: string, options: object = {}) =>
  testSink({
    nodes: [server.url],
    ca: superuser.ca,
    username,
    password: rolePassword,
    replicas: 0,
    ...options,
  })

async function putTemplate() {
  const { name, body } = indexTemplate({ replicas: 0 })
  expect((await ask('PUT', `/_index_template/${name}`, { body })).status).toBe(200)
}

describe('a user', () => {
  test('that cannot put the template is told the missing privilege, unless the template exists', async () => {
    const sink = await sinkOf('monitoring')
    expect(await sink.open(openCall)).toMatchObject({
      kind: 'failed',
      code: 'forbidden',
      remedy: expect.stringContaining('manage_index_templates'),
    })
    const allowed = await sinkOf('templating')
    await (await openTestSession(allowed)).close()
    await (await openTestSession(sink)).close()
  })

  test.each([
    ['monitoring', true],
    ['writer', false],
  ])('with the role %s and manageTemplate: %o can use all sink functions', async (user, manageTemplate) => {
    await putTemplate()
    await using session = await openTestSession(await sinkOf(user, { manageTemplate }))
    expect(await session.write(testBatch([testRecord({ key: user })], `journal of ${user}`))).toEqual({
      kind: 'accepted',
    })
    // From a later journal, so that the sink looks up the key's home.
    const late = testRecord({
      key: user,
      rank: 2,
      home: '2026-12-01',
      content: { 'Start time': '2026-09-01T00:00:00Z' },
    })
    expect(await session.write(testBatch([late], `later journal of ${user}`))).toEqual({
      kind: 'accepted',
    })
    await session.mark({ org: user, fromMs: 0, completeThroughMs: 1, gaps: [] })
    expect(await session.holds(testRecord({ key: user, rank: 2 }))).toEqual(['present'])
    expect((await session.sink.check(call)).filter(({ level }) => level !== 'ok')).toEqual([])
    await ask('POST', '/cdr/_refresh')
    const { body } = await ask('POST', '/cdr/_count', { body: { query: { term: { key: user } } } })
    expect(body.count).toBe(1)
  })

  test.each(always.map((privilege) => [privilege]))(
    'that lacks %s gets a remedy that names it',
    async (privilege) => {
      const sink = await sinkOf(`no_${privilege}`)
      const remedy = expect.stringContaining(`privilege ${privilege} on`)
      expect(await sink.open(openCall)).toMatchObject({ kind: 'failed', code: 'forbidden', remedy })
      expect(await sink.check(call)).toContainEqual({ level: 'error', code: 'forbidden', message: remedy })
    },
  )

  test('that lacks monitor and manages the template gets a remedy that names it', async () => {
    const sink = await sinkOf('writer')
    expect(await sink.open(openCall)).toMatchObject({
      code: 'forbidden',
      remedy: expect.stringContaining('monitor'),
    })
  })

  test('needs delete_index if retention is set', async () => {
    const options = { retention: '400d', manageTemplate: false }
    const sink = await sinkOf('writer', options)
    expect(await sink.open(openCall)).toMatchObject({
      code: 'forbidden',
      remedy: expect.stringContaining('delete_index'),
    })
    await (await openTestSession(await sinkOf('deleting', options))).close()
  })

  test('that loses a privilege while the sink is open can write again once it is granted', async () => {
    await putTemplate()
    const sink = await sinkOf('writer', { manageTemplate: false })
    const session = await openTestSession(sink)
    const batch = testBatch([testRecord({ key: 'later' })])
    await grant({ ...roles, writer: writer(['read', 'view_index_metadata']) })
    expect(await session.write(batch)).toMatchObject({
      kind: 'failed',
      code: 'forbidden',
      remedy: expect.stringMatching(/privilege (index|create_index) on/),
    })
    await session.close()
    await grant(roles)
    await using next = await openTestSession(sink)
    expect(await next.write(batch)).toEqual({ kind: 'accepted' })
  })
})

test.each([
  ['a wrong password', { username: 'writer', password: 'canary-password' }, 'unauthenticated'],
  ['an unknown API key', { apiKey: Buffer.from('id:canary-password').toString('base64') }, 'unauthenticated'],
  ['no credential', {}, 'unauthenticated'],
])('%s is refused with a remedy that does not contain the credential', async (_, credential, code) => {
  const sink = await testSink({ nodes: [server.url], ca: superuser.ca, ...credential })
  const outcome = await sink.open(openCall)
  expect(outcome).toMatchObject({ kind: 'failed', code })
  expect(JSON.stringify(outcome)).not.toContain('canary')
})

test('an untrusted certificate and a missing certificate file have different codes', async () => {
  const untrusting = await testSink({ nodes: [server.url], username: 'writer', password: rolePassword })
  expect(await untrusting.open(openCall)).toMatchObject({ kind: 'failed', code: 'certificate-not-trusted' })
  expect(await untrusting.check(call)).toMatchObject([{ level: 'error', code: 'certificate-not-trusted' }])
  const missing = await sinkOf('writer', { ca: `${superuser.ca}.missing` })
  expect(await missing.open(openCall)).toMatchObject({ kind: 'failed', code: 'ca-unreadable' })
})
