/** Whether a host name, as `URL` prints it, is this machine. Only there may a token go in the clear. */
export function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname)
}
