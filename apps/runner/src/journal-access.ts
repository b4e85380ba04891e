import {
  type JournalOpenCode,
  JournalOpenError,
  type JournalOptions,
  type LockHolder,
  openJournal,
  type SqliteJournal,
} from '@cdrstream/journal-sqlite'
import type { JournalConfiguration } from './configuration/configuration.ts'
import { type ExitCode, exitCodes } from './exit-code.ts'

export type OpenedJournal =
  | { readonly kind: 'journal'; readonly journal: SqliteJournal }
  | {
      readonly kind: 'problem'
      readonly line: string
      readonly exitCode: ExitCode
      readonly code: JournalOpenCode
      /** Who has the journal, where that is known. */
      readonly holder: LockHolder | undefined
    }

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
    const { code, holder, message } = error
    return { kind: 'problem', line: `journal: ${message}`, exitCode: exitCodeOf(code), code, holder }
  }
}

function exitCodeOf(code: JournalOpenCode): ExitCode {
  switch (code) {
    case 'locked':
    case 'not-writable':
    case 'no-access':
    case 'untrusted':
    case 'newer-schema':
    case 'older-schema':
    case 'old-sqlite':
      return exitCodes.usage
    case 'damaged':
    case 'not-found':
      return exitCodes.failed
  }
}
