import {
  JournalOpenError,
  type JournalOptions,
  openJournal,
  type SqliteJournal,
} from '@cdrstream/journal-sqlite'
import type { JournalConfiguration } from './configuration/configuration.ts'
import { type ExitCode, exitCodes } from './exit-code.ts'

export type OpenedJournal =
  | { readonly kind: 'journal'; readonly journal: SqliteJournal }
  | { readonly kind: 'problem'; readonly line: string; readonly exitCode: ExitCode }

/** Opens the journal, or says in one line why that is not possible. `nowMs` gives whole milliseconds. */
export async function accessJournal(
  configuration: JournalConfiguration,
  access: JournalOptions['access'],
  nowMs: () => number,
): Promise<OpenedJournal> {
  const { path, keepMs, maxBytes, minFreeDiskBytes } = configuration
  try {
    const journal = await openJournal({ path, access, keepMs, maxBytes, minFreeDiskBytes, nowMs })
    return { kind: 'journal', journal }
  } catch (error) {
    if (!(error instanceof JournalOpenError)) throw error
    return { kind: 'problem', line: `journal: ${error.message}`, exitCode: exitCodeOf(error.code) }
  }
}

function exitCodeOf(code: JournalOpenError['code']): ExitCode {
  switch (code) {
    case 'locked':
    case 'not-writable':
    case 'newer-schema':
    case 'older-schema':
    case 'old-sqlite':
      return exitCodes.usage
    case 'damaged':
    case 'not-found':
      return exitCodes.failed
  }
}
