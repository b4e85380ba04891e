/** The region in which an org was found. */
export interface FoundRegion {
  /** The configured URL that led to the region. The entry is ignored if a different URL is configured. */
  readonly baseUrl: string
  /** `host` or `host:port`. */
  readonly host: string
}

/**
 * Remembers the region of an org, so that a restart does not spend a request on finding it again. Optional,
 * because a lost entry is found again and rejections are ignored.
 */
export interface RegionStore {
  /** Returns undefined if nothing has been found yet. */
  load(): Promise<FoundRegion | undefined>
  save(found: FoundRegion): Promise<void>
}
