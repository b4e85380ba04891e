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
      /** Whether a collector runs; otherwise the lock is ours. */
      readonly besideCollector: boolean
      readonly result: Result
      /** What else there is to know of it. */
      readonly more: readonly Result[]
    }
  | { readonly kind: 'problem'; readonly result: Result }

/**
 * Opens the journal as a collector would, which creates it where there is none yet: the one request has to be
 * remembered. Where a collector has it, beside that.
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
    return opened(own, configuration, orgs, false, state)
  }
  if (own !== undefined && own.code !== 'locked') return refused(own)
  const beside = await accessJournal(configuration, 'command', nowMs)
  if (beside.kind === 'problem') return refused(beside)
  return opened(beside, configuration, orgs, true, holderText(holder ?? own?.holder))
}

/** Undefined also where the lock cannot be read: to take it tells why. */
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
  besideCollector: boolean,
  state: string,
): Promise<DoctorJournal> {
  const { start, end, bytes } = await journal.inspect()
  const message = `${path}: ${showCount(end.offset - start.offset, 'record')}, ${showBytes(bytes.file + bytes.wal)}; ${state}`
  const result =
    bytes.used > 0.9 * maxBytes
      ? warning(
          'journal-nearly-full',
          `${message}; ${showBytes(maxBytes)} are allowed`,
          'Raise journal.maxBytes, or lower journal.keep. If a sink lags behind (`cdrstream status`), fix that first: what it has not taken is deleted last, and is then missing there.',
        )
      : ok('journal-opened', message)
  const more = [...judgeNames(orgs, await journal.orgs()), ...tightened.map(madePrivate)]
  return { kind: 'journal', journal, besideCollector, result, more }
}

function madePrivate({ path, mode }: TightenedFile): Result {
  return warning(
    'made-private',
    `other users could read ${path} (mode ${mode}); now only its owner can`,
    'If other users of this machine must not know the records, assume that they may have read them. Copy a journal with `umask 077`, or with `cp -p`.',
  )
}

function judgeNames(orgs: readonly OrgConfiguration[], known: readonly string[]): readonly Result[] {
  const suspected = suspectRenaming(orgs, known)
  if (suspected === undefined) return []
  const { unknown, missing } = suspected
  return [
    warning(
      'org-may-be-renamed',
      `the journal does not know ${unknown.join(', ')}, and has ${missing.join(', ')}, which the configuration lacks`,
      'If an org was renamed, set its `formerly` to the old name before the collector starts: otherwise its records are read and delivered again under the new name.',
    ),
  ]
}

function holderText(holder: LockHolder | undefined): string {
  return holder === undefined
    ? 'a collector runs'
    : `a collector runs: process ${holder.pid} on ${holder.host} since ${isoTime(holder.sinceMs)}`
}

function refused({ code, line }: { readonly code: JournalOpenCode; readonly line: string }): DoctorJournal {
  return {
    kind: 'problem',
    result: problem(`journal-${code}`, line.replace(/^journal: /, ''), remedies[code]),
  }
}

const remedies: Readonly<Record<JournalOpenCode, string>> = {
  locked: 'Another program has the file open: close it (a SQLite browser?), and run doctor again.',
  'not-found': 'The collector that runs is just creating it: run doctor again.',
  damaged:
    'See that journal.path names the right file. If it does: stop the collector, restore the file from a backup, or move it away with its -wal and -shm. A new one reads again what Webex still has (12 hours); Postgres and Elasticsearch show each record once all the same, files may then have some twice.',
  'newer-schema': 'Run the newest cdrstream that has been used on this journal; an older one cannot read it.',
  'older-schema': 'The collector that runs is of an older version: restart it with this one.',
  'not-writable':
    'Run doctor as the user who collects. If it is that user, see that directory, file and its .lock belong to it, and that the disk is neither full nor read-only.',
  'no-access':
    'Run doctor as the user who collects. If it is that user, see that the directory, the file and its .lock belong to it.',
  untrusted:
    'Whoever can write these files decides what is delivered. Make sure that they are yours before you change their owner or mode; if not, move them away, and a new journal reads again what Webex still has (12 hours).',
  'old-sqlite': 'Use a newer Node (24 or later, of nodejs.org): the SQLite in this one damages files.',
}
