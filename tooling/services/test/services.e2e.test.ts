import { spawn } from 'node:child_process'
import { chmodSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { Client } from 'pg'
import { expect, onTestFinished, test } from 'vitest'
import { findJava } from '../src/find-java.ts'
import { startPostgres } from '../src/postgres-server.ts'
import { isAlive, processTree } from '../src/process-tree.ts'
import { sharedElasticsearchUrl, sharedPostgresUrl } from '../src/shared-services.ts'

test.each(['SIGINT', 'SIGTERM', 'SIGKILL'] as const)(
  'a run stopped by %s leaves no server and no directory behind',
  async (signal) => {
    const temporary = mkdtempSync(join(tmpdir(), 'cdrstream-services-'))
    chmodSync(temporary, 0o755)
    onTestFinished(() => rmSync(temporary, { recursive: true, force: true }))
    const script = fileURLToPath(new URL('./support/hold-postgres.ts', import.meta.url))
    const run = spawn(process.execPath, [script], { env: { ...process.env, TMPDIR: temporary } })
    const { value } = await createInterface({ input: run.stdout })[Symbol.asyncIterator]().next()
    const servers = processTree(JSON.parse(value ?? '').pid)
    expect(servers.length).toBeGreaterThan(2)
    expect(readdirSync(temporary)).toHaveLength(1)

    run.kill(signal)

    await expect.poll(() => servers.filter(isAlive)).toEqual([])
    await expect.poll(() => readdirSync(temporary)).toEqual([])
  },
)

test('PostgreSQL keeps its commits when killed, and answers again after being suspended and resumed', async () => {
  await using server = await startPostgres()
  await query(server.url, 'create table kept (number int); insert into kept values (7)')

  await server.kill()
  await expect(query(server.url, 'select 1')).rejects.toThrow()
  await server.start()

  expect(await query(server.url, 'select number from kept')).toEqual([{ number: 7 }])
  server.suspend()
  const answer = query(server.url, 'select number from kept')
  const first = await Promise.race([answer, new Promise((resolve) => setImmediate(resolve, 'nothing'))])
  expect(first).toBe('nothing')
  server.resume()
  expect(await answer).toEqual([{ number: 7 }])
})

test('the shared servers are started on request', async () => {
  const [postgres, elasticsearch] = await Promise.all([sharedPostgresUrl(), sharedElasticsearchUrl()])

  expect(await query(postgres, 'select 1 as one')).toEqual([{ one: 1 }])
  expect((await fetch(`${elasticsearch}/_cluster/health`)).status).toBe(200)
  expect(await sharedPostgresUrl()).toBe(postgres)
})

test('without a recent Java, the error contains a remedy', () => {
  expect(() => findJava(1_000)).toThrow('CDRSTREAM_TEST_ELASTICSEARCH_URL')
})

async function query(connectionString: string, text: string): Promise<unknown> {
  const client = new Client({ connectionString })
  await client.connect()
  try {
    const result = await client.query(text)
    return result.rows
  } finally {
    await client.end()
  }
}
