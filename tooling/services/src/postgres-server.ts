import { execFileSync } from 'node:child_process'
import { chmodSync, copyFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Client } from 'pg'
import { freePort } from './free-port.ts'
import { GuardedProcess } from './guarded-process.ts'
import { inServerDirectory, type OwnServer, startOwnServer } from './own-server.ts'
import { installPostgres } from './postgres-binaries.ts'
import { changeOwner, type ServerDirectory } from './server-directory.ts'

export interface PostgresOptions {
  /** Whether commits survive a machine crash (fsync, full_page_writes, synchronous_commit). Default: true. */
  readonly durable?: boolean
  /** Settings of `postgresql.conf`. */
  readonly settings?: Readonly<Record<string, string>>
  /** PEM files. With `clientCa`, clients without a certificate signed by it are refused. */
  readonly tls?: { readonly certificate: string; readonly key: string; readonly clientCa?: string }
}

export interface PostgresServer extends OwnServer {
  /** The URL for the superuser `postgres`. */
  readonly url: string
  readonly port: number
}

/** Starts a PostgreSQL 18 server. Throws Error with a remedy if none can be obtained. */
export function startPostgres(options: PostgresOptions = {}): Promise<PostgresServer> {
  return inServerDirectory('postgres', (directory) => startIn(directory, options))
}

async function startIn(directory: ServerDirectory, options: PostgresOptions): Promise<PostgresServer> {
  const native = await installPostgres(directory.path)
  const data = directory.own('data')
  const { user } = directory
  const home = { ...process.env, HOME: data }
  const init = ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C.UTF-8', '--no-sync']
  execFileSync(join(native, 'bin', 'initdb'), init, {
    ...user,
    cwd: data,
    env: home,
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const tls = tlsSettings(directory, data, options)
  const port = await freePort()
  const settings = {
    port: String(port),
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    ...(options.durable === false && { fsync: 'off', full_page_writes: 'off', synchronous_commit: 'off' }),
    ...tls,
    ...options.settings,
  }
  const args = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const server = new GuardedProcess(
    {
      program: join(native, 'bin', 'postgres'),
      args: ['-D', data, ...args],
      cwd: data,
      env: home,
      user,
      log: join(directory.path, 'log'),
    },
    directory.path,
  )
  const url = `postgres://postgres@127.0.0.1:${port}/postgres`
  const own = await startOwnServer(server, {
    name: 'PostgreSQL',
    timeoutMs: 30_000,
    // Connecting requires a client certificate, so the log is checked instead.
    isUp: () => (options.tls?.clientCa === undefined ? answers(url) : server.hasLogged(/ready to accept/)),
  })
  return Object.assign(own, { url, port })
}

function tlsSettings(
  { user }: ServerDirectory,
  data: string,
  { tls }: PostgresOptions,
): Readonly<Record<string, string>> {
  if (tls === undefined) return {}
  const put = (file: string, name: string): string => {
    const at = join(data, name)
    copyFileSync(file, at)
    chmodSync(at, 0o600)
    changeOwner(user, at)
    return at
  }
  const method = tls.clientCa === undefined ? 'trust' : 'cert map=any'
  writeFileSync(join(data, 'pg_hba.conf'), `hostssl all all 127.0.0.1/32 ${method}\n`)
  writeFileSync(join(data, 'pg_ident.conf'), 'any /^.*$ postgres\n')
  return {
    ssl: 'on',
    ssl_cert_file: put(tls.certificate, 'server.crt'),
    ssl_key_file: put(tls.key, 'server.key'),
    ...(tls.clientCa !== undefined && { ssl_ca_file: put(tls.clientCa, 'client-ca.crt') }),
  }
}

async function answers(connectionString: string): Promise<boolean> {
  const client = new Client({ connectionString, connectionTimeoutMillis: 2_000, ssl: false })
  client.on('error', () => {})
  try {
    await client.connect()
    return true
  } catch (cause) {
    // The server requires TLS, so it is running.
    return (cause as { readonly code?: string }).code === '28000'
  } finally {
    await client.end().catch(() => {})
  }
}
