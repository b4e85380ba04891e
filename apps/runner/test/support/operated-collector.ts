import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Client } from 'pg'
import type { SimulatedApi } from './simulated-api.ts'
import { runCommand } from './start-command.ts'

/** Adds sinks to the configuration of a simulated API. */
export function addSinks({ directory }: SimulatedApi, sinks: readonly string[]): void {
  const file = join(directory, 'cdrstream.yaml')
  const lines = sinks.map((sink) => `  - ${sink}\n`).join('')
  writeFileSync(file, readFileSync(file, 'utf8').replace('webex:', `${lines}webex:`))
}

export function postgresSink(url: string, schema: string, more = ''): string {
  return `{ name: warehouse, use: postgres, options: { url: ${JSON.stringify(url)}, schema: ${schema} }${more} }`
}

export interface Asked {
  readonly code: number | null
  readonly state: string
  readonly resultCode: string | null
  readonly details: Readonly<Record<string, unknown>>
  readonly err: string
}

/** Runs a command with `--json` and returns its result. */
export async function ask({ directory }: SimulatedApi, ...args: readonly string[]): Promise<Asked> {
  const { code, out, err } = await runCommand([...args, '--json'], { directory })
  const { state = '', code: resultCode = null, details = {} } = out === '' ? {} : JSON.parse(out)
  return { code, state, resultCode, details, err }
}

export async function connect(url: string): Promise<Client & AsyncDisposable> {
  const client = new Client({ connectionString: url })
  await client.connect()
  return Object.assign(client, { [Symbol.asyncDispose]: () => client.end() })
}

/** Counts rows; 0 while the table does not exist. */
export async function countRows(database: Client, schema: string): Promise<number> {
  return database.query(`select count(*)::int as count from ${schema}.record`).then(
    ({ rows }) => rows[0].count,
    () => 0,
  )
}
