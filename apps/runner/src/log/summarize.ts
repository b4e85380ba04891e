import { coverageEdgeSec } from '@cdrstream/core'
import type { Clock } from '@cdrstream/engine'
import type { JournalSnapshot, SqliteJournal } from '@cdrstream/journal-sqlite'
import type { Logger } from '@cdrstream/plugin'
import type { Configuration } from '../configuration/configuration.ts'

const everyMs = 60_000

/**
 * Logs one line per minute for all orgs and sinks: how many records were accepted, and which org and sink are
 * furthest behind.
 */
export async function summarize(
  journal: SqliteJournal,
  configuration: Configuration,
  { log, clock }: { readonly log: Logger; readonly clock: Clock },
  ending: AbortSignal,
): Promise<void> {
  let before = await look(journal)
  while (true) {
    await clock.sleep(everyMs, ending)
    if (ending.aborted) return
    const snapshot = await look(journal)
    if (snapshot === undefined) continue
    log.info('summary', {
      recordsAccepted: snapshot.end.offset - (before ?? snapshot).end.offset,
      ...slowestOrg(snapshot, configuration, clock.nowMs()),
      ...slowestSink(snapshot, configuration),
    })
    before = snapshot
  }
}

/** Returns undefined if the journal cannot be read. The loops that need the journal report the reason. */
async function look(journal: SqliteJournal): Promise<JournalSnapshot | undefined> {
  try {
    return await journal.inspect()
  } catch {
    return undefined
  }
}

function slowestOrg({ scopes }: JournalSnapshot, { orgs, terms }: Configuration, nowMs: number) {
  const headSec = Math.floor((nowMs - terms.stream.settleMs) / 1_000)
  const [slowest] = scopes
    .filter(({ org }) => orgs.some(({ name }) => name === org))
    .map(({ org, progress }) => ({
      slowestOrg: org,
      behindSeconds: Math.max(0, headSec - coverageEdgeSec(progress.coverage, progress.originSec)),
    }))
    .sort((a, b) => b.behindSeconds - a.behindSeconds)
  return slowest
}

function slowestSink({ sinks }: JournalSnapshot, { sinkNames }: Configuration) {
  const [slowest] = sinks
    .filter(({ sink }) => sinkNames.includes(sink))
    .map(({ sink, lagRecords }) => ({ slowestSink: sink, lagRecords }))
    .sort((a, b) => b.lagRecords - a.lagRecords)
  return slowest
}
