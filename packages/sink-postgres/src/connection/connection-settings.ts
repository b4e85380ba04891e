import { resolve } from 'node:path'
import type { ClientConfig } from 'pg'
import type { PostgresSinkOptions } from '../postgres-sink-options.ts'

const connectTimeoutMs = 10_000

/**
 * Returns how to reach the server. Options take precedence over the URL, and the URL over the `PG*`
 * variables. The modes of TLS mean what they mean in libpq
 * (https://www.postgresql.org/docs/18/libpq-ssl.html).
 */
export function connectionSettings(
  options: PostgresSinkOptions,
  baseDirectory: string,
  variables: NodeJS.ProcessEnv = process.env,
): ClientConfig {
  const url = new URL(options.url ?? 'postgres://')
  const query = url.searchParams
  const file = (path: string | null | undefined): string | undefined =>
    path === null || path === undefined || path === '' ? undefined : resolve(baseDirectory, path)
  const tls = {
    sslmode: options.sslmode ?? query.get('sslmode') ?? variables.PGSSLMODE,
    sslrootcert: file(options.sslrootcert ?? query.get('sslrootcert') ?? variables.PGSSLROOTCERT),
    sslcert: file(options.sslcert ?? query.get('sslcert') ?? variables.PGSSLCERT),
    sslkey: file(options.sslkey ?? query.get('sslkey') ?? variables.PGSSLKEY),
  }
  for (const [name, value] of Object.entries(tls)) {
    if (value === undefined) query.delete(name)
    else query.set(name, value)
  }
  // `pg` treats require as verify-full. This gives the modes the meaning that they have in libpq.
  query.set('uselibpqcompat', 'true')
  return {
    connectionString: url.href,
    application_name: 'cdrstream',
    connectionTimeoutMillis: connectTimeoutMs,
    keepAlive: true,
  }
}
