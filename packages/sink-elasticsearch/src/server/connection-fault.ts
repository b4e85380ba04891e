/**
 * Messages of Node.js and the client about a broken connection. They cannot contain a name from a certificate
 * or a proxy's page.
 */
const known = [
  /^(?:connect|read|write|getaddrinfo) E[A-Z_]+(?: [\w.:[\]-]{1,100})?(?: - Local \([\w.:]+\))?$/,
  /^other side closed(?: - Local: [\w.:]+, Remote: [\w.:]+)?$/,
  /^(?:socket hang up|Request timed out|Request aborted|Response aborted while reading the body)$/,
  /^Client network socket disconnected before secure TLS connection was established$/,
  /^Connect Timeout Error(?: \(attempted address(?:es)?: [\w.:, -]{1,200}\))?$/,
]

/**
 * Returns the message of a connection error if it is known to quote nothing. Otherwise returns a general
 * message.
 */
export function connectionFault(message: string): string {
  return known.some((form) => form.test(message)) ? message : 'the connection failed'
}
