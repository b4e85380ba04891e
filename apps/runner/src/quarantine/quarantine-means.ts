import type { QuarantineFilter } from '@cdrstream/journal-sqlite'
import type { Configuration } from '../configuration/configuration.ts'
import type { Terminal } from '../terminal.ts'

export interface QuarantineOptions {
  readonly config: string
  readonly json: boolean
  /** Item numbers; empty to match all. */
  readonly ids: readonly number[]
  readonly sink?: string
  readonly org?: string
  readonly reason?: string
  readonly unreadable?: boolean
  readonly all?: boolean
  readonly limit: number
  readonly raw?: boolean
  readonly output?: string
  readonly yes?: boolean
  readonly wait: boolean
}

/** What all `cdrstream quarantine` actions need. */
export interface QuarantineMeans {
  readonly options: QuarantineOptions
  readonly configuration: Configuration
  readonly filter: QuarantineFilter
  readonly terminal: Terminal
  readonly stopping: AbortSignal
}

/** Returns the filter in the form used by requests. */
export function stored({ ids, ...rest }: QuarantineFilter) {
  return { ...rest, ...(ids !== undefined && { ids: [...ids] }) }
}
