/**
 * Why no token may be sent from this process; undefined if it may. Node then accepts any certificate, and
 * with it any thief.
 */
export function tlsProblem(variable: (name: string) => string | undefined): string | undefined {
  return variable('NODE_TLS_REJECT_UNAUTHORIZED') === '0'
    ? 'NODE_TLS_REJECT_UNAUTHORIZED: expected to be unset, found 0, which would give the token to anyone who pretends to be Webex'
    : undefined
}
