import { metrics, type Observable } from '@opentelemetry/api'
import type { OrgStatus, SinkStatus, StateStatus, Status } from '../status/status.ts'
import { statusMetrics } from './runner-metrics.ts'

const states: readonly StateStatus['state'][] = ['ok', 'catching-up', 'retrying', 'paused', 'waiting']

type Key = keyof typeof statusMetrics
type Attributes = Readonly<Record<string, string>>

/** Adds a value of one metric, or none if it is null. */
type Note = (key: Key, value: number | null, attributes?: Attributes) => void

/**
 * Exports the status as metrics until it is disposed. The status is read whenever the metrics are. If this
 * fails, these metrics are missing, but others are still exported.
 */
export function observeStatus(readStatus: () => Promise<Status>): Disposable {
  const meter = metrics.getMeter('cdrstream')
  const gauges = new Map<Key, Observable>()
  for (const [key, { name, unit, description }] of Object.entries(statusMetrics)) {
    gauges.set(key as Key, meter.createObservableGauge(name, { description, unit }))
  }
  const observables = [...gauges.values()]
  const callback: Parameters<typeof meter.addBatchObservableCallback>[0] = async (result) => {
    const status = await readStatus().catch(() => undefined)
    if (status === undefined) return
    noteStatus(status, (key, value, attributes = {}) => {
      const gauge = gauges.get(key)
      if (gauge !== undefined && value !== null) result.observe(gauge, value, { ...attributes })
    })
  }
  meter.addBatchObservableCallback(callback, observables)
  return { [Symbol.dispose]: () => meter.removeBatchObservableCallback(callback, observables) }
}

function noteStatus({ orgs, sinks, journal, at }: Status, note: Note): void {
  const nowMs = Date.parse(at)
  for (const org of orgs) noteOrg(org, nowMs, note)
  for (const sink of sinks) noteSink(sink, note)
  note('journalSize', journal.bytes)
  note('journalRoom', journal.roomBytes)
  note('journalRecords', journal.records)
}

function noteOrg({ name, state, coverage, quarantined, budget }: OrgStatus, nowMs: number, note: Note): void {
  const org = { org: name }
  noteState('orgState', state.state, org, note)
  note('quarantine', quarantined, org)
  if (coverage !== null) {
    note('freshness', coverage.newestReadAgeSeconds, org)
    note('frontierAge', (nowMs - Date.parse(coverage.completeThrough)) / 1_000, org)
    note('oldestUnreadLeft', coverage.oldestUnreadExpiresInSeconds, org)
    note('coverage', coverage.unreadSeconds, { ...org, level: 'unread' })
    note('coverage', coverage.doubtfulSeconds, { ...org, level: 'doubtful' })
    note('coverage', coverage.readSeconds, { ...org, level: 'read' })
    note('coverage', coverage.finalSeconds, { ...org, level: 'final' })
    note('coverage', coverage.gapSeconds, { ...org, level: 'gap' })
  }
  // Orgs with the same credential share its budget.
  if (budget.credential !== name) return
  const credential = { credential: name }
  note('budgetLeft', budget.initialRequestsLeft, { ...credential, kind: 'initial' })
  note('budgetLeft', budget.pageRequestsLeft, { ...credential, kind: 'page' })
  const { pushedBackUntil } = budget
  const waitMs = pushedBackUntil === null ? 0 : Date.parse(pushedBackUntil) - nowMs
  note('budgetWait', Math.max(0, waitMs) / 1_000, credential)
}

function noteSink(status: SinkStatus, note: Note): void {
  const sink = { sink: status.name }
  noteState('sinkState', status.state.state, sink, note)
  note('sinkLagRecords', status.lagRecords, sink)
  note('sinkLagDuration', status.lagSeconds, sink)
  note('sinkLost', status.lostRecords, sink)
  note('quarantine', status.quarantined, sink)
}

function noteState(key: Key, current: string, subject: Attributes, note: Note): void {
  for (const state of states) note(key, state === current ? 1 : 0, { ...subject, state })
}
