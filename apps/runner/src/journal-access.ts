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
  | {
      readonly kind: 'journal'
      readonly journal: SqliteJournal
      /** Files that other users could read and that have been made private. */
      readonly tightened: readonly TightenedFile[]
    }
  | {
      readonly kind: 'problem'
      readonly line: string
      readonly exitCode: ExitCode
      readonly code: JournalOpenCode
      /** The process that holds the journal, if known. */
      readonly holder: LockHolder | undefined
    }

export interface TightenedFile {
  readonly path: string
  /** Its previous mode, such as `0644`. */
  readonly mode: string
}

/**
 * Opens the journal, or returns one line with the reason why it cannot be opened. `nowMs` returns whole
 * milliseconds.
 */
export async function accessJournal(
  configuration: JournalConfiguration,
  access: JournalOptions['access'],
  nowMs: () => number,
): Promise<OpenedJournal> {
  const { path, keepMs, maxBytes, minFreeDiskBytes } = configuration
  const tightened: TightenedFile[] = []
  const onTightened = (file: string, mode: string) => tightened.push({ path: file, mode })
  try {
    const journal = await openJournal({
      path,
      access,
      keepMs,
      maxBytes,
      minFreeDiskBytes,
      nowMs,
      onTightened,
    })
    return { kind: 'journal', journal, tightened }
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
