import { existsSync } from 'node:fs'
import {
  findHolder,
  type JournalOpenCode,
  JournalOpenError,
  type LockHolder,
  type SqliteJournal,
} from '@cdrstream/journal-sqlite'
import type { Configuration, JournalConfiguration, OrgConfiguration } from '../configuration/configuration.ts'
import { processUser } from '../files/process-user.ts'
import { accessJournal, type OpenedJournal, type TightenedFile } from '../journal-access.ts'
import { suspectRenaming } from '../rename-orgs.ts'
import { isoTime } from '../status/iso-time.ts'
import { showBytes, showCount } from '../status/show-amount.ts'
import { ok, problem, type Result, warning } from './check.ts'

export type DoctorJournal =
  | {
      readonly kind: 'journal'
      readonly journal: SqliteJournal
      /** Whether a collector is running. If not, doctor holds the lock. */
      readonly besideCollector: boolean
      /** The running collector, if it is known. */
      readonly holder: LockHolder | undefined
      readonly result: Result
      /** Additional findings about the journal. */
      readonly more: readonly Result[]
    }
  | { readonly kind: 'problem'; readonly result: Result }

/**
 * Opens the journal as a collector would, and creates it if there is none, because the one request must be
 * recorded. If a collector holds the journal, shares it with the collector.
 */
export async function openDoctorJournal(
  { journal: configuration, orgs }: Pick<Configuration, 'journal' | 'orgs'>,
  nowMs: () => number,
): Promise<DoctorJournal> {
  const holder = collectorOf(configuration.path)
  const isNew = !existsSync(configuration.path)
  const own = holder === undefined ? await accessJournal(configuration, 'collector', nowMs) : undefined
  if (own?.kind === 'journal') {
    const state = isNew ? `created, as the user ${processUser()}` : 'no collector runs'
    return opened(own, configuration, orgs, { besideCollector: false, holder: undefined, state })
  }
  if (own !== undefined && own.code !== 'locked') return refused(own)
  const beside = await accessJournal(configuration, 'command', nowMs)
  if (beside.kind === 'problem') return refused(beside)
  const known = holder ?? own?.holder
  return opened(beside, configuration, orgs, {
    besideCollector: true,
    holder: known,
    state: holderText(known),
  })
}

/** Also returns undefined if the lock cannot be read. Taking the lock then reports why. */
function collectorOf(path: string): LockHolder | undefined {
  try {
    return findHolder(path)
  } catch (error) {
    if (error instanceof JournalOpenError) return undefined
    throw error
  }
}

async function opened(
  { journal, tightened }: OpenedJournal & { readonly kind: 'journal' },
  { path, maxBytes }: JournalConfiguration,
  orgs: readonly OrgConfiguration[],
  {
    besideCollector,
    holder,
    state,
  }: { besideCollector: boolean; holder: LockHolder | undefined; state: string },
): Promise<DoctorJournal> {
  const { start, end, bytes } = await journal.inspect()
  const message = `${path}: ${showCount(end.offset - start.offset, 'record')}, ${showBytes(bytes.file + bytes.wal)}; ${state}`
  const result =
    bytes.used > 0.9 * maxBytes
      ? warning(
          'journal-nearly-full',
          `${message}; the maximum is ${showBytes(maxBytes)}`,
          'Raise journal.maxBytes or lower journal.keep. If a sink lags behind (`cdrstream status`), fix that first: records that it has not accepted are deleted last, but are then missing in the sink.',
        )
      : ok('journal-opened', message)
  const more = [...judgeNames(orgs, await journal.orgs()), ...tightened.map(madePrivate)]
  return { kind: 'journal', journal, besideCollector, holder, result, more }
}

function madePrivate({ path, mode }: TightenedFile): Result {
  return warning(
    'made-private',
    `other users could read ${path} (mode ${mode}); now only its owner can read it`,
    'If the records must be kept from other users of this machine, assume that they may have read them. Copy a journal with `umask 077` or with `cp -p`.',
  )
}

function judgeNames(orgs: readonly OrgConfiguration[], known: readonly string[]): readonly Result[] {
  const suspected = suspectRenaming(orgs, known)
  if (suspected === undefined) return []
  const { unknown, missing } = suspected
  return [
    warning(
      'org-may-be-renamed',
      `not in the journal: ${unknown.join(', ')}; in the journal but not configured: ${missing.join(', ')}`,
      'If an org was renamed, set its `formerly` to the old name before you start the collector. Otherwise, its records are read and delivered again under the new name.',
    ),
  ]
}

function holderText(holder: LockHolder | undefined): string {
  return holder === undefined
    ? 'a collector is running'
    : `a collector is running: process ${holder.pid} on ${holder.host} since ${isoTime(holder.sinceMs)}`
}

function refused({ code, line }: { readonly code: JournalOpenCode; readonly line: string }): DoctorJournal {
  return {
    kind: 'problem',
    result: problem(`journal-${code}`, line.replace(/^journal: /, ''), remedies[code]),
  }
}

const remedies: Readonly<Record<JournalOpenCode, string>> = {
  locked: 'Another program, such as a SQLite browser, has the file open. Close it and run doctor again.',
  'not-found': 'The running collector is creating it. Run doctor again.',
  damaged:
    'Check that journal.path names the right file. If it does, stop the collector, and restore the file from a backup, or move it to another directory together with its -wal and -shm files. With a new journal, the collector reads again what Webex still has (12 hours). Postgres and Elasticsearch still show each record once. Files may contain some records twice.',
  'newer-schema': 'Run the newest cdrstream that has been used on this journal; an older one cannot read it.',
  'older-schema': 'The running collector is an older version. Restart it with this one.',
  'not-writable':
    'Run doctor as the user that runs the collector. If you did, check that this user owns the directory, the file and its .lock, and that the disk is neither full nor read-only.',
  'no-access':
    'Run doctor as the user that runs the collector. If you did, check that this user owns the directory, the file and its .lock.',
  untrusted:
    'Whoever can write these files decides what is delivered. Make sure that they are yours before you change their owner or mode. If they are not, move them to another directory: with a new journal, the collector reads again what Webex still has (12 hours).',
  'old-sqlite': 'Use a newer Node from nodejs.org (24.15 or later): the SQLite in this one can damage files.',
}
