import type { JournalOptions } from './journal-options.ts'

/** What a journal may take, and for how long. */
export type JournalLimits = Required<Pick<JournalOptions, 'keepMs' | 'maxBytes' | 'minFreeDiskBytes'>>

/** Changes the limits of an open journal. */
export interface LimitedJournal {
  /** The limits take effect with the next record and the next pruning. */
  setLimits(limits: JournalLimits): void
}
