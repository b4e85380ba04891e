/** The content of the redirect from the sign-in page. */
export type Redirected =
  | { readonly kind: 'code'; readonly code: string }
  /** The user or Webex declined; `error` is an OAuth error code, such as `access_denied`. */
  | { readonly kind: 'declined'; readonly error: string }
  /** It is not from this sign-in: its state is different, or it has neither code nor error. */
  | { readonly kind: 'foreign' }

export function readRedirect(query: URLSearchParams, state: string): Redirected {
  if (query.get('state') !== state) return { kind: 'foreign' }
  const error = query.get('error')
  if (error !== null) return { kind: 'declined', error: /^[a-z_]{1,40}$/.test(error) ? error : 'unknown' }
  return codeOf(query.get('code') ?? '')
}

/**
 * Reads what a person has pasted: the code, or the URL that the browser was redirected to, with or without
 * its beginning. A code has no state to check. The token endpoint checks it with the code verifier.
 */
export function readPasted(text: string, state: string): Redirected {
  const pasted = text.trim()
  if (!/(^|[?&])(code|error|state)=/.test(pasted)) return codeOf(pasted)
  const query = pasted.slice(pasted.indexOf('?') + 1).replace(/#.*$/, '')
  return readRedirect(new URLSearchParams(query), state)
}

function codeOf(code: string): Redirected {
  return /^[\x21-\x7e]+$/.test(code) && !code.includes('://') ? { kind: 'code', code } : { kind: 'foreign' }
}
