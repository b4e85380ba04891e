/** With what a browser comes back from the sign-in page. */
export type Redirected =
  | { readonly kind: 'code'; readonly code: string }
  /** The user, or Webex, did not allow it; `error` is a word of OAuth, such as `access_denied`. */
  | { readonly kind: 'declined'; readonly error: string }
  /** It does not belong to our sign-in: its state is another one, or there is neither code nor error. */
  | { readonly kind: 'foreign' }

export function readRedirect(query: URLSearchParams, state: string): Redirected {
  if (query.get('state') !== state) return { kind: 'foreign' }
  const error = query.get('error')
  if (error !== null) return { kind: 'declined', error: /^[a-z_]{1,40}$/.test(error) ? error : 'unknown' }
  return codeOf(query.get('code') ?? '')
}

/**
 * What a person has copied: the code alone, or the address that the browser ended at, with or without its
 * beginning. A code alone has no state to be seen; that it is of our sign-in, the token address sees by the
 * code verifier.
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
