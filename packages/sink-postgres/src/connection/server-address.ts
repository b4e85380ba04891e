import { type SslMode, sslModes } from './tls-options.ts'

/** A server in a URL. Undefined parts come from the `PG*` variables. */
export interface NamedServer {
  /** A host name, an IP address, or the directory of a Unix socket. */
  readonly host: string | undefined
  readonly port: number | undefined
}

/** A parsed URL, as in libpq: https://www.postgresql.org/docs/18/libpq-connect.html, section 32.1.1.2. */
export interface ServerAddress {
  /** The servers in the order in which they are tried. There is at least one. */
  readonly servers: readonly NamedServer[]
  /** The URL with the user, password, database and parameters. Its host is only a placeholder. */
  readonly url: URL
}

const shape = /^(postgres(?:ql)?:\/\/(?:[^/?#]*@)?)([^/?#@]*)(.*)$/s
/** A percent sign that does not begin an escape, as passwords often have. */
const strayPercent = /%(?![0-9a-f]{2})/gi
const hostAndPort = /^(\[[^\]]*\]|[^:]*)(?::(\d*))?$/
const sessionKinds = ['any', 'read-write', 'primary']

/** Returns the parts of a URL for which `addressProblem` returned undefined. */
export function readAddress(text: string): ServerAddress {
  const { authority, url } = partsOf(text)
  if (url === null) throw new TypeError('not a PostgreSQL URL')
  const named = authority.split(',').map((entry) => hostAndPort.exec(entry) ?? [])
  const query = url.searchParams
  const hosts = query.get('host')?.split(',') ?? named.map(([, host = '']) => decodeURIComponent(host))
  const ports = query.get('port')?.split(',') ?? named.map(([, , port = '']) => port)
  return { servers: pairs(hosts, ports), url }
}

/** Returns what was expected instead of this text, or undefined if the text is a valid URL. */
export function addressProblem(text: string): string | undefined {
  const { authority, url } = partsOf(text)
  const entries = authority.split(',').map((entry) => hostAndPort.exec(entry))
  const isAddress =
    url !== null &&
    entries.every((entry) => entry !== null && isPort(entry[2] ?? '')) &&
    [authority, url.username, url.password, url.pathname].every(isEncoded)
  if (!isAddress) return 'expected a URL such as postgres://user:password@host:5432/database'
  const query = url.searchParams
  if (query.has('ssl')) return 'expected the parameter sslmode instead of ssl'
  const sslmode = query.get('sslmode')
  if (sslmode !== null && !isSslMode(sslmode)) {
    return `expected the parameter sslmode to be ${choice(sslModes)}`
  }
  const session = query.get('target_session_attrs')
  if (session !== null && !sessionKinds.includes(session)) {
    return `expected the parameter target_session_attrs to be ${choice(sessionKinds)}`
  }
  return undefined
}

function partsOf(text: string): { readonly authority: string; readonly url: URL | null } {
  const [, start, authority = '', rest] = shape.exec(text.replace(strayPercent, '%25')) ?? []
  return { authority, url: start === undefined ? null : URL.parse(`${start}host${rest}`) }
}

export function isSslMode(text: string): text is SslMode {
  return (sslModes as readonly string[]).includes(text)
}

/** Returns the words as a list, such as `a, b or c`. */
export function choice(words: readonly string[]): string {
  return `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`
}

/** Returns each host with its port. A single port applies to all hosts. */
export function pairs(hosts: readonly string[], ports: readonly string[]): readonly NamedServer[] {
  return hosts.map((host, at) => {
    const port = ports.length === 1 ? ports[0] : ports[at]
    return { host: host.replace(/^\[(.*)\]$/, '$1') || undefined, port: Number(port) || undefined }
  })
}

function isPort(text: string): boolean {
  return text === '' || (Number(text) >= 1 && Number(text) <= 65_535)
}

function isEncoded(text: string): boolean {
  try {
    return !decodeURIComponent(text).includes('\0')
  } catch {
    return false
  }
}
