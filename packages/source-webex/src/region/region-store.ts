/** Where an org was found to live. */
export interface FoundRegion {
  /** The configured address that led there: with another one, what was found means nothing. */
  readonly baseUrl: string
  /** `host` or `host:port`. */
  readonly host: string
}

/**
 * Remembers where an org lives, so that a restart does not spend a request on being sent there again. Nothing
 * depends on it: what it forgets is found anew, and a rejection is ignored.
 */
export interface RegionStore {
  /** Undefined: nothing was found yet. */
  load(): Promise<FoundRegion | undefined>
  save(found: FoundRegion): Promise<void>
}
