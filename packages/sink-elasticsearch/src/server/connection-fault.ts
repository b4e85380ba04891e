/**
 * What Node and the client say of a broken connection. A name in a certificate, or a page of a proxy, is not
 * in these.
 */
const known = [
  /^(?:connect|read|write|getaddrinfo) E[A-Z_]+(?: [\w.:[\]-]{1,100})?(?: - Local \([\w.:]+\))?$/,
  /^other side closed(?: - Local: [\w.:]+, Remote: [\w.:]+)?$/,
  /^(?:socket hang up|Request timed out|Request aborted|Response aborted while reading the body)$/,
  /^Client network socket disconnected before secure TLS connection was established$/,
  /^Connect Timeout Error(?: \(attempted address(?:es)?: [\w.:, -]{1,200}\))?$/,
]

/** Returns the words of an error of the connection if they are known to quote nothing. */
export function connectionFault(message: string): string {
  return known.some((form) => form.test(message)) ? message : 'the connection failed'
}
