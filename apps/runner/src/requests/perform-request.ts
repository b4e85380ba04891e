import { setTimeout } from 'node:timers/promises'
import { JournalFullError } from '@cdrstream/engine'
import {
  findHolder,
  JournalOpenError,
  type JournalRequest,
  journalOpenError,
  type SqliteJournal,
} from '@cdrstream/journal-sqlite'
import type { Configuration } from '../configuration/configuration.ts'
import { type ExitCode, exitCodes } from '../exit-code.ts'
import { accessJournal } from '../journal-access.ts'
import type { Terminal } from '../terminal.ts'
import type { OperatorRequest } from './operator-request.ts'
import { carryOutOwn, requestOf } from './own-request.ts'

/** The outcome of a request. */
export type RequestOutcome =
  | { readonly kind: 'request'; readonly request: JournalRequest; readonly left?: LeftReason }
  /** One line for each problem. Nothing was changed. */
  | { readonly kind: 'problems'; readonly lines: readonly string[]; readonly exitCode: ExitCode }

/** Why the command stopped waiting before its request was finished. */
export type LeftReason = 'asked' | 'stopped' | 'time' | 'collector-gone' | 'sinks-behind'

export interface PerformOptions {
  readonly config: string
  readonly configuration: Configuration
  /** False to return immediately, without the result. */
  readonly wait: boolean
  /** How long to wait for the collector; undefined for no limit. */
  readonly timeoutMs?: number | undefined
  readonly stopping: AbortSignal
  /** Called periodically while the request is carried out. */
  readonly watch?: (journal: SqliteJournal, request: JournalRequest) => Promise<void>
}

const pollMs = 250
/** How long a restart of the collector can take: a service manager starts it again within this time. */
const absenceMs = 30_000

/**
 * Has a request carried out by the running collector, or, if there is none, by this process, which then holds
 * the journal.
 */
export async function performRequest(
  request: OperatorRequest,
  options: PerformOptions,
  terminal: Terminal,
): Promise<RequestOutcome> {
  const { journal: place } = options.configuration
  try {
    // Opening as a reader first ensures that a missing journal is not created.
    const reader = await accessJournal(place, 'reader', Date.now)
    if (reader.kind === 'problem') return problem(reader.line, reader.exitCode)
    await reader.journal.close()
    if (findHolder(place.path) === undefined) {
      const own = await accessJournal(place, 'collector', Date.now)
      if (own.kind === 'journal') return await performOwn(request, own.journal, options, terminal)
      if (own.code !== 'locked') return problem(own.line, own.exitCode)
    }
    const beside = await accessJournal(place, 'command', Date.now)
    if (beside.kind === 'problem') return problem(beside.line, beside.exitCode)
    return await performBeside(request, beside.journal, options)
  } catch (error) {
    if (error instanceof JournalFullError) {
      return problem(`journal: ${place.path}: the disk is full; the request was not stored`, exitCodes.failed)
    }
    const known = error instanceof JournalOpenError ? error : journalOpenError(place.path, error)
    if (known === undefined) throw error
    return problem(`journal: ${known.message}`, exitCodes.failed)
  }
}

function problem(line: string, exitCode: ExitCode): RequestOutcome {
  return { kind: 'problems', lines: [line], exitCode }
}

async function performOwn(
  request: OperatorRequest,
  journal: SqliteJournal,
  { config, configuration, stopping, watch }: PerformOptions,
  terminal: Terminal,
): Promise<RequestOutcome> {
  const { kind, ...given } = request
  const watching = new AbortController()
  let id: number | undefined
  const add = async () => {
    id = await journal.addRequest(kind, given)
    return id
  }
  const watched = (async () => {
    while (!watching.signal.aborted) {
      await setTimeout(pollMs, undefined, { signal: watching.signal }).catch(() => {})
      const known = id === undefined ? undefined : await journal.request(id)
      if (known?.state === 'running' && !watching.signal.aborted) await watch?.(journal, known)
    }
  })()
  try {
    const result = await carryOutOwn(request, add, { config, configuration, journal, terminal, stopping })
    if (result.kind === 'problems')
      return { kind: 'problems', lines: result.lines, exitCode: exitCodes.usage }
    const known = result.request
    if (isFinished(known)) return { kind: 'request', request: known }
    return { kind: 'request', request: known, left: stopping.aborted ? 'stopped' : 'sinks-behind' }
  } finally {
    watching.abort()
    await watched
    await journal.close()
  }
}

async function performBeside(
  request: OperatorRequest,
  journal: SqliteJournal,
  options: PerformOptions,
): Promise<RequestOutcome> {
  const { wait, timeoutMs = Number.POSITIVE_INFINITY, stopping } = options
  const { kind, ...given } = request
  try {
    const id = await journal.addRequest(kind, given)
    const startMs = performance.now()
    let known = await requestOf(id, journal)
    let seenMs = startMs
    while (!isFinished(known)) {
      const left = (reason: LeftReason): RequestOutcome => ({ kind: 'request', request: known, left: reason })
      if (!wait) return left('asked')
      if (stopping.aborted) return left('stopped')
      const nowMs = performance.now()
      if (nowMs - seenMs > absenceMs) return left('collector-gone')
      if (nowMs - startMs > timeoutMs) return left('time')
      await setTimeout(pollMs, undefined, { signal: stopping }).catch(() => {})
      const seen = await look(id, journal, options)
      if (seen === undefined) continue
      known = seen.request
      if (seen.hasCollector) seenMs = performance.now()
    }
    return { kind: 'request', request: known }
  } finally {
    await journal.close()
  }
}

/**
 * Returns undefined if the journal cannot be read now, as while a collector that was killed is started again:
 * the request is stored, so there is no reason to stop waiting for it.
 */
async function look(
  id: number,
  journal: SqliteJournal,
  { configuration, watch }: PerformOptions,
): Promise<{ readonly request: JournalRequest; readonly hasCollector: boolean } | undefined> {
  const { path } = configuration.journal
  try {
    const request = await requestOf(id, journal)
    if (request.state === 'running') await watch?.(journal, request)
    return { request, hasCollector: findHolder(path) !== undefined }
  } catch (error) {
    if (error instanceof JournalOpenError || journalOpenError(path, error) !== undefined) return undefined
    throw error
  }
}

function isFinished({ state }: JournalRequest): boolean {
  return state === 'done' || state === 'refused'
}
