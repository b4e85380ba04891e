/** How to open a journal. */
export interface JournalOptions {
  /**
   * The path of the journal. SQLite and the lock add files beside it: `-wal`, `-shm` and `.lock`. All are
   * accessible only to their owner (0600). A network file system is not supported.
   */
  readonly path: string
  /**
   * - `collector`: takes the lock, creates missing files (directories with mode 0700) and migrates an older
   *   journal
   * - `command`: reads, and reserves budget; needs no lock, so it can run beside the collector
   * - `reader`: makes no changes
   */
  readonly access: 'collector' | 'command' | 'reader'
  /**
   * Called for each file that other users could read and that was made private (0600), with its previous
   * mode, such as `0644`.
   */
  readonly onTightened?: (path: string, mode: string) => void
  /**
   * How long records and quarantine are kept, in milliseconds. Records that a sink has not acknowledged are
   * kept longer. Default: 31 days.
   */
  readonly keepMs?: number
  /**
   * The maximum number of bytes that the journal can use, not counting free pages and quarantine. Beyond this
   * limit, the oldest records are deleted. Quarantine can use an additional tenth of it. Default: 20 GB.
   */
  readonly maxBytes?: number
  /** The bytes that must stay free on the disk. `roomBytes` does not count them. Default: 512 MB. */
  readonly minFreeDiskBytes?: number
  /**
   * The minimum time that a key is remembered, in milliseconds of acceptance time. The key is forgotten after
   * at most twice this time. Default: 31 days.
   */
  readonly rememberMs?: number
  /** Returns the current time in milliseconds since 1970, UTC. Default: `Date.now`. */
  readonly nowMs?: () => number
  /**
   * Returns a new id for an incarnation or a commit, which must never repeat. Default: 16 random hexadecimal
   * digits.
   */
  readonly randomId?: () => string
}

const dayMs = 86_400_000

/** The defaults of the options above. Times are in milliseconds, sizes in bytes. */
export const journalDefaults = {
  keepMs: 31 * dayMs,
  maxBytes: 20e9,
  minFreeDiskBytes: 512e6,
  rememberMs: 31 * dayMs,
} as const
