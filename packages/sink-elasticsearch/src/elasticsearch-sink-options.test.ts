import { describe, expect, test } from 'vitest'
import { elasticsearchSink } from './index.ts'

async function check(options: unknown) {
  const { value, issues } = (await elasticsearchSink.options['~standard'].validate(options)) as {
    value?: unknown
    issues?: readonly { readonly path?: readonly PropertyKey[]; readonly message: string }[]
  }
  return { value, issues: issues?.map(({ path, message }) => ({ path: path?.[0], message })) }
}

const nodes = ['http://127.0.0.1:9200']

describe('options of the Elasticsearch sink', () => {
  test('require only a node', async () => {
    expect((await check({ nodes })).value).toEqual({
      nodes,
      credential: { kind: 'none' },
      indexPrefix: 'cdr',
      compress: 'none',
      bulkBytes: 5_000_000,
      concurrency: 2,
      manageTemplate: true,
    })
  })

  test('accept both kinds of credential, and sizes and durations as text', async () => {
    expect(
      (await check({ nodes, apiKey: 'k', bulkBytes: '2MB', retention: '400d', refreshInterval: '5s' })).value,
    ).toMatchObject({
      credential: { kind: 'api-key', apiKey: 'k' },
      bulkBytes: 2_000_000,
      retentionMs: 400 * 86_400_000,
      refreshIntervalMs: 5_000,
    })
    expect((await check({ nodes, username: 'u', password: 'p' })).value).toMatchObject({
      credential: { kind: 'basic', username: 'u', password: 'p' },
    })
  })

  test('derive the node from a cloud id', async () => {
    const id = (text: string) => `my-deployment:${Buffer.from(text).toString('base64')}`
    const nodesOf = async (text: string) => (await check({ cloudId: id(text) })).value
    expect(await nodesOf('europe-west1.gcp.cloud.es.io$abc123$def456')).toMatchObject({
      nodes: ['https://abc123.europe-west1.gcp.cloud.es.io'],
    })
    expect(await nodesOf('cloud.example.com:9243$abc123')).toMatchObject({
      nodes: ['https://abc123.cloud.example.com:9243'],
    })
  })

  test.each([
    ['nodes', undefined],
    ['nodes', []],
    ['nodes', ['127.0.0.1:9200']],
    ['nodes', ['ftp://127.0.0.1']],
    ['nodes', ['http://user:secret@127.0.0.1:9200']],
    ['nodes', 'http://127.0.0.1:9200'],
    ['cloudId', 'my-deployment:!!!'],
    ['indexPrefix', 'CDR'],
    ['indexPrefix', ''],
    ['indexPrefix', 'a*'],
    ['indexPrefix', '_cdr'],
    ['compress', 'brotli'],
    ['bulkBytes', '1KB'],
    ['bulkBytes', 5_000_000],
    ['concurrency', 0],
    ['concurrency', 1.5],
    ['manageTemplate', 'yes'],
    ['replicas', -1],
    ['retention', '1h'],
    ['refreshInterval', 5],
    ['ilmPolicy', ''],
    ['ca', ''],
    ['password', 'p'],
  ])('reject %s: %j, with a message that describes the expected value', async (key, value) => {
    const { issues } = await check(key === 'cloudId' ? { [key]: value } : { nodes, [key]: value })
    expect(issues?.[0]).toEqual({
      path: key === 'password' ? 'username' : key,
      message: expect.stringContaining('expected'),
    })
    expect(JSON.stringify(issues)).not.toContain('secret')
  })

  test('reject two credentials, and nodes together with cloudId', async () => {
    expect((await check({ nodes, apiKey: 'k', username: 'u', password: 'p' })).issues?.[0]?.path).toBe(
      'apiKey',
    )
    const cloudId = `d:${Buffer.from('cloud.example.com$abc').toString('base64')}`
    expect((await check({ nodes, cloudId })).issues?.[0]?.path).toBe('cloudId')
  })

  test('reject an unknown option', async () => {
    expect((await check({ nodes, index: 'cdr' })).issues?.[0]?.message).toContain('index')
  })
})
