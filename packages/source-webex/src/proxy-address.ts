/**
 * Returns the address of a proxy that HTTPS_PROXY names (`proxy:3128` means `http://proxy:3128`), or
 * undefined if it is none. An address with a path, query or fragment is none either: they come from a raw
 * `/`, `?` or `#` in a password, and the host would be a part of the user name.
 */
export function proxyAddress(text: string): string | undefined {
  const url = URL.parse(text.includes('://') ? text : `http://${text}`)
  if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:')) return undefined
  if (url.pathname !== '/' || url.search !== '' || url.hash !== '') return undefined
  return isDecodable(url.username) && isDecodable(url.password) ? url.href : undefined
}

/** What the proxy gets is the decoded text. */
function isDecodable(text: string): boolean {
  try {
    decodeURIComponent(text)
    return true
  } catch {
    return false
  }
}
