import { resolve } from 'node:path'
import { SinkFault } from '@cdrstream/sink-kit'
import type { ClientConfig } from 'pg'
import type { PostgresSinkOptions } from '../postgres-sink-options.ts'
import { choice, isSslMode, type NamedServer, pairs, readAddress } from './server-address.ts'
import {
  type SslMode,
  sslModes,
  type TlsFiles,
  tlsOptions,
  type Verified,
  verifiedBy,
} from './tls-options.ts'

/** How to reach one server. */
export interface ServerSettings {
  readonly host: string
  readonly isLocal: boolean
  readonly sslmode: SslMode
  readonly verified: Verified
  readonly client: ClientConfig
}

const connectTimeoutMs = 10_000
const tlsNames = ['sslmode', 'sslrootcert', 'sslcert', 'sslkey'] as const

/**
 * Returns the settings of each server, in the order in which they are tried. Options take precedence over the
 * URL, and the URL over the `PG*` variables. Reads the PEM files. Throws a `SinkFault` if settings
 * contradict each other.
 */
export function connectionSettings(
  options: PostgresSinkOptions,
  baseDirectory: string,
  variables: NodeJS.ProcessEnv = process.env,
): readonly ServerSettings[] {
  const { servers, url } = readAddress(options.url ?? 'postgres://')
  const query = url.searchParams
  const given = (name: (typeof tlsNames)[number]): string | undefined =>
    options[name] ?? query.get(name) ?? (variables[`PG${name.toUpperCase()}`] || undefined)
  const file = (path: string | undefined): string | undefined =>
    path === undefined || path === 'system' ? path : resolve(baseDirectory, path)
  const files: TlsFiles = {
    sslrootcert: file(given('sslrootcert')),
    sslcert: file(given('sslcert')),
    sslkey: file(given('sslkey')),
  }
  const sslmode = checkedMode(given('sslmode'))
  const channelBinding = query.get('channel_binding')
  const isDirect = query.get('sslnegotiation') === 'direct'
  const named = servers.some(({ host }) => host !== undefined)
    ? servers
    : serversOf(variables, servers[0]?.port)
  const wantsTls = isDirect || Object.values(files).some((path) => path !== undefined)
  for (const name of [...tlsNames, 'sslnegotiation', 'host', 'port']) query.delete(name)
  return named.map(({ host = 'localhost', port }) => {
    const isLocal = isLocalHost(host)
    // Without TLS, anyone on the network path could read the records and the password.
    const mode = host.startsWith('/')
      ? 'disable'
      : (sslmode ?? (isLocal && !wantsTls ? 'disable' : 'verify-full'))
    return {
      host,
      isLocal,
      sslmode: mode,
      verified: verifiedBy(mode, files),
      client: {
        connectionString: addressOf(url, host, port ?? (Number(variables.PGPORT) || undefined)),
        ssl: tlsOptions(mode, files),
        ...(isDirect && mode !== 'disable' && { sslnegotiation: 'direct' }),
        application_name: 'cdrstream',
        connectionTimeoutMillis: connectTimeoutMs,
        enableChannelBinding: channelBinding === 'prefer' || channelBinding === 'require',
        keepAlive: true,
      },
    }
  })
}

/** The option and the URL were checked when they were parsed, so an unknown mode is from `PGSSLMODE`. */
function checkedMode(text: string | undefined): SslMode | undefined {
  if (text === undefined || isSslMode(text)) return text
  throw new SinkFault(
    'sslmode-unknown',
    `set PGSSLMODE to ${choice(sslModes)}, or set sslmode in the options`,
  )
}

function serversOf({ PGHOST = '', PGPORT = '' }: NodeJS.ProcessEnv, port: number | undefined) {
  const servers: readonly NamedServer[] = pairs(PGHOST.split(','), PGPORT.split(','))
  return servers.map((server) => ({ host: server.host, port: port ?? server.port }))
}

/** `pg` prefers the parameters to the authority part of the URL, and accepts a socket only as a parameter. */
function addressOf(url: URL, host: string, port: number | undefined): string {
  const address = new URL(url)
  address.searchParams.set('host', host)
  if (port !== undefined) address.searchParams.set('port', String(port))
  return address.href
}

function isLocalHost(host: string): boolean {
  return /^\/|^(?:.+\.)?localhost\.?$|^127\.\d+\.\d+\.\d+$|^::1$/i.test(host)
}
