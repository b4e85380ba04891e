/**
 * The URL of the Elasticsearch that a cloud id names: `NAME:BASE64`, where the base64 is
 * `host[:port]$elasticsearch[:port][$kibana]`. Returns undefined for anything else.
 */
export function decodeCloudId(cloudId: string): string | undefined {
  const encoded = cloudId.slice(cloudId.lastIndexOf(':') + 1)
  const [domain = '', deployment = ''] = Buffer.from(encoded, 'base64').toString().split('$')
  const [host, domainPort] = domain.split(':')
  const [name, ownPort] = deployment.split(':')
  if (!host || !name || !/^[\w.-]+$/.test(host + name)) return undefined
  const url = URL.parse(`https://${name}.${host}:${ownPort ?? domainPort ?? 443}`)
  return url?.origin
}
