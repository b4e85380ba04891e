/** What the journal remembers of each content that a key has had. */
export interface Revision {
  /** The digest of the canonical content, 32 hexadecimal digits. */
  readonly fingerprint: string
  readonly rank: number
  /** The UTC day of the key, `YYYY-MM-DD`; the same for all revisions of a key. */
  readonly home: string
}
