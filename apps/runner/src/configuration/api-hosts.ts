interface Addresses {
  readonly allowedHosts: readonly string[]
  readonly baseUrl: string
  /** Undefined if the configuration does not name one. */
  readonly tokenUrl: string | undefined
}

/**
 * Returns which of `webex.allowedHosts` a 451 may lead the access token to. A host that is in the list for
 * `webex.tokenUrl` gets the client's secrets to sign in, and no access token because an answer says so.
 */
export function apiHosts({ allowedHosts, baseUrl, tokenUrl }: Addresses): readonly string[] {
  const ofTokens = tokenUrl === undefined ? undefined : URL.parse(tokenUrl)?.host
  if (ofTokens === URL.parse(baseUrl)?.host) return allowedHosts
  return allowedHosts.filter((host) => host.toLowerCase() !== ofTokens)
}
