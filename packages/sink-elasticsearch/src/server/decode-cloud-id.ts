/**
 * Returns the Elasticsearch URL in a cloud id, or undefined if the id is not valid. A cloud id is
 * `NAME:BASE64`, where the base64 text is `host[:port]$elasticsearch[:port][$kibana]`.
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
