/**
 * Returns the host, with its port if there is one, that the body of a 451 points to (API facts, section 8):
 * `... should go to URL: https://analytics-calling-eu.webexapis.com`, anywhere in a body of any shape.
 * Returns undefined if the body names no host. Whether the token may be sent there is decided elsewhere.
 */
export function findRegionHost(body: string): string | undefined {
  // JSON can contain a slash as \/.
  const text = body.replaceAll('\\/', '/')
  const urls = [...text.matchAll(/https?:\/\/[^\s"'<>\\,;)\]}]+/gi)]
  if (urls.length === 0) return bareHosts(text).find(isWebexHost)
  const hosts = urls.flatMap(({ 0: url, index }) => {
    const host = hostOf(url)
    return host === undefined ? [] : [{ host, index }]
  })
  const pointedAt = text.search(/should go to/i)
  const pointed = pointedAt === -1 ? undefined : hosts.find(({ index }) => index > pointedAt)
  return (pointed ?? hosts.find(({ host }) => isWebexHost(host)) ?? hosts[0])?.host
}

function hostOf(url: string): string | undefined {
  const parsed = URL.parse(url)
  // A URL such as `https://analytics-calling.webexapis.com@elsewhere` is an attempt to deceive.
  if (parsed === null || parsed.username !== '' || parsed.password !== '') return undefined
  // A period after the URL is the end of a sentence.
  const hostname = parsed.hostname.replace(/\.$/, '')
  if (!isHostname(hostname)) return undefined
  return parsed.port === '' ? hostname : `${hostname}:${parsed.port}`
}

function bareHosts(text: string): readonly string[] {
  return (text.match(/[a-z0-9.-]+/gi) ?? []).map((host) => host.replace(/\.$/, '').toLowerCase())
}

function isWebexHost(host: string): boolean {
  return host.endsWith('.webexapis.com') && isHostname(host)
}

function isHostname(host: string): boolean {
  return host.length <= 253 && host.split('.').every((label) => /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/.test(label))
}
