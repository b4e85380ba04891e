interface Addresses {
  readonly allowedHosts: readonly string[]
  readonly baseUrl: string
  /** Undefined if it is not configured. */
  readonly tokenUrl: string | undefined
}

/**
 * Returns the hosts of `webex.allowedHosts` that a 451 may redirect the access token to. The host of
 * `webex.tokenUrl` is omitted, because it is in the list to receive the client's secrets, not access tokens.
 */
export function apiHosts({ allowedHosts, baseUrl, tokenUrl }: Addresses): readonly string[] {
  const ofTokens = tokenUrl === undefined ? undefined : URL.parse(tokenUrl)?.host
  if (ofTokens === URL.parse(baseUrl)?.host) return allowedHosts
  return allowedHosts.filter((host) => host.toLowerCase() !== ofTokens)
}
