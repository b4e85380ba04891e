/**
 * Returns whether a host name, as `URL` prints it, is a loopback address. Only to a loopback address may
 * tokens be sent without TLS.
 */
export function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname)
}
