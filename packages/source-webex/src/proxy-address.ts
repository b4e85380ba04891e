/**
 * Returns the URL of the proxy in HTTPS_PROXY (`proxy:3128` means `http://proxy:3128`), or undefined if it is
 * not valid. A path, query or fragment makes it invalid, because it results from an unencoded `/`, `?` or `#`
 * in a password, and the user name would then be read as the host.
 */
export function proxyAddress(text: string): string | undefined {
  const url = URL.parse(text.includes('://') ? text : `http://${text}`)
  if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:')) return undefined
  if (url.pathname !== '/' || url.search !== '' || url.hash !== '') return undefined
  return isDecodable(url.username) && isDecodable(url.password) ? url.href : undefined
}

/** The proxy receives the decoded text. */
function isDecodable(text: string): boolean {
  try {
    decodeURIComponent(text)
    return true
  } catch {
    return false
  }
}
