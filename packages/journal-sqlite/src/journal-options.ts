/** How to open a journal. */
export interface JournalOptions {
  /**
   * The file. Beside it lie `-wal`, `-shm` and `.lock`. All of them are for their owner alone (0600). Not on
   * a network file system.
   */
  readonly path: string
  /**
   * - `collector`: takes the lock, creates what is missing (directories 0700) and migrates an older file
   * - `command`: reads, and reserves budget; no lock, so it may run beside the collector
   * - `reader`: changes nothing
   */
  readonly access: 'collector' | 'command' | 'reader'
  /**
   * Called with a file that others could read and that was made private (0600), and its mode before, such as
   * `0644`.
   */
  readonly onTightened?: (path: string, mode: string) => void
  /**
   * How long records and quarantine are kept, in milliseconds; longer while a sink has not acknowledged them.
   * Default 31 days.
   */
  readonly keepMs?: number
  /**
   * The most bytes the journal may hold, free pages of the file and quarantine not counted. Above, the oldest
   * records go. Quarantine may take a tenth of it. Default 20 GB.
   */
  readonly maxBytes?: number
  /** What stays free on the disk, in bytes: `roomBytes` is counted from here. Default 512 MB. */
  readonly minFreeDiskBytes?: number
  /**
   * How long a key is remembered at least, in milliseconds of acceptance time; at most twice as long. Default
   * 31 days.
   */
  readonly rememberMs?: number
  /** The time, in milliseconds since 1970, UTC. Default `Date.now`. */
  readonly nowMs?: () => number
  /**
   * A fresh id, unique for ever: for the incarnation and for commits. Default: 16 random hexadecimal digits.
   */
  readonly randomId?: () => string
}

const dayMs = 86_400_000

export const journalDefaults = {
  keepMs: 31 * dayMs,
  maxBytes: 20e9,
  minFreeDiskBytes: 512e6,
  rememberMs: 31 * dayMs,
} as const
