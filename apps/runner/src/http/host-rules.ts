import { isIP } from 'node:net'
import { isLoopback } from '@cdrstream/source-webex'
import type { HttpConfiguration } from '../configuration/configuration.ts'

/** Returns whether a request with this Host header is accepted. */
export type HostRules = (header: string | undefined) => boolean

/**
 * Returns the rules for a server that listens on this port. They accept only loopback names, the configured
 * host and `allowedHosts`. A browser sends the host from the page's URL, so this rejects pages from a foreign
 * name that resolves to this server (DNS rebinding). A server on all addresses also accepts any IP address,
 * which cannot be rebound, and any port, because containers often map ports.
 */
export function hostRules(
  { host, allowedHosts }: Pick<HttpConfiguration, 'host' | 'allowedHosts'>,
  port: number,
): HostRules {
  const isEverywhere = host === '0.0.0.0' || host === '::'
  const isOwnName = (name: string) =>
    isLoopback(name) || name === bracketed(host) || (isEverywhere && isIP(name.replace(/^\[|\]$/g, '')) !== 0)
  return (header) => {
    const parsed = parseHost(header)
    if (parsed === undefined) return false
    const { name, port: given } = parsed
    if (allowedHosts.includes(name) || allowedHosts.includes(`${name}:${given}`)) return true
    return isOwnName(name) && (isEverywhere || given === port)
  }
}

function bracketed(host: string): string {
  return isIP(host) === 6 ? new URL(`http://[${host}]`).hostname : host
}

interface HostHeader {
  /** In lower case. An IPv6 address is in brackets and in its shortest form. */
  readonly name: string
  /** Null for the protocol's default port. */
  readonly port: number | null
}

const form = /^([A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(?::(\d{1,5}))?$/

function parseHost(header: string | undefined): HostHeader | undefined {
  const [, name, port] = form.exec(header ?? '') ?? []
  if (name === undefined) return undefined
  // `URL` would also accept 127.1 and 0x7f000001 as addresses, and drop a default port.
  const isAddress = name.startsWith('[')
  const normal = isAddress ? URL.parse(`http://${name}`)?.hostname : name.toLowerCase()
  return normal === undefined ? undefined : { name: normal, port: port === undefined ? null : Number(port) }
}
