/**
 * Returns whether a host name, as `URL` prints it, is a loopback address. Tokens may be sent without TLS only
 * there.
 */
export function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname)
}
