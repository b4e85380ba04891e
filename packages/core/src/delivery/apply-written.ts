import type { Accepted, Failed, Refusal, WriteOutcome } from '@cdrstream/plugin'
import type { Moment } from '../moment.ts'
import { retryWaitMs } from '../retry-wait.ts'
import type {
  DeliverableRecord,
  DeliveryRun,
  DeliveryState,
  DeliveryTerms,
  RefusedRecord,
} from './delivery-state.ts'
import { endSession, endTrouble, fail, pause, sinkPace, type Thrown } from './delivery-trouble.ts'
import { pendingRecords } from './pending-records.ts'
import { acknowledge, assertOfThisJournal, completeRun, releaseSuspects } from './record-progress.ts'
import { newlyRefused, onProbation, probationRecords, watchAccepted, watchRefused } from './refusal-watch.ts'

/**
 * The number of consecutive exceptions after which a record may be the cause: batches are then halved until
 * one record is alone.
 */
const exceptionsBeforeHalving = 5
/** How many times in a row a record alone in its batch has to throw before it becomes a suspect. */
const timesAlone = { key: 3, none: 3, position: 5 }
/**
 * If more consecutive records throw alone, the fault is in the sink. With idempotence `position`, suspects
 * cannot be retried after another record is written, so fewer are put at risk in case an outage ends at that
 * moment.
 */
const maxSuspects = { key: 10, none: 10, position: 3 }

/** Returns the state after the sink has answered a batch. */
export function applyWritten<Stored extends DeliverableRecord>(
  state: DeliveryState<Stored>,
  { outcome, timedOut }: { readonly outcome: WriteOutcome | Thrown; readonly timedOut: boolean },
  terms: DeliveryTerms,
  at: Moment,
): DeliveryState<Stored> {
  const { run } = state
  if (run === null) return state
  // A batch that takes too long is sent in smaller parts, regardless of what the sink reports.
  const sized = timedOut ? shrink(state, run.pending.length, true) : state
  switch (outcome.kind) {
    case 'accepted':
      return applyAccepted(sized, run, outcome, terms, at)
    case 'refused':
      return applyRefused(sized, run, refusedRecords(run, outcome.refused), terms, at)
    case 'rejected':
      return applyRejected(sized, run, outcome.reason, terms, at)
    case 'retry':
      return fail(sized, outcome, terms, at)
    case 'failed':
      return pause(sized, outcome, terms, at)
    case 'thrown':
      // A timeout says nothing about the records: only a smaller batch may help.
      return timedOut ? fail(sized, outcome, terms, at) : applyThrown(sized, run, outcome, terms, at)
  }
}

function applyAccepted<Stored extends DeliverableRecord>(
  state: DeliveryState<Stored>,
  run: DeliveryRun<Stored>,
  { through, refused: refusals = [], again = [] }: Accepted,
  terms: DeliveryTerms,
  at: Moment,
): DeliveryState<Stored> {
  const refused = refusedRecords(run, refusals)
  const watch = watchRefused(state.watch, run.pending.length, newlyRefused(refused))
  // A sink that stores its position is already past the suspects: without quarantine they would be lost.
  if (watch === undefined && terms.idempotence !== 'position') {
    return pause(putOnProbation(state), tooManyRefused(refused), terms, at)
  }
  for (const index of again) named(run, index)
  if (through !== undefined) assertOfThisJournal(through, run.to)
  const durable = through ?? (again.length > 0 ? state.sinkAt : run.to)
  const written: DeliveryRun<Stored> = { ...run, through: durable }
  const leftOver = new Set([...refusals.map(({ index }) => index), ...again])
  const accepted = run.pending.length - leftOver.size
  const isFurther = accepted > 0 && run.to.offset > state.exceptionsAt
  const counted = {
    ...state,
    thrownAlone: isFurther ? 0 : state.thrownAlone,
    watch: watchAccepted(watch ?? onProbation, accepted),
  }
  const isProgress = accepted > 0 && run.to.offset > state.troubleAt
  // The suspects are not in quarantine yet: a position after them must not be recorded.
  if (accepted > 0 && state.suspects.length > 0 && terms.idempotence !== 'position') {
    return accuse(counted, run, leftOver)
  }
  const working = isProgress ? prove(counted) : counted
  const finish = (last: DeliveryState<Stored>) =>
    completeRun(isProgress || accepted === 0 ? grow(endTrouble(last), terms) : last, written, at.nowMs)
  if (leftOver.size === 0) return finish(working)
  const acceptedAhead = union(
    state.acceptedAhead,
    run.pending.filter((_, index) => !leftOver.has(index)),
  )
  const { pending, state: after } = quarantine({ ...working, acceptedAhead }, run, refused, terms)
  if (pending.length === 0) return finish(after)
  const continued = { ...after, run: { ...written, pending } }
  return again.length === 0 ? continued : waitToResend(continued, accepted, at)
}

/**
 * Waits before resending the records that the sink returned; the wait is shorter if other records were
 * written. A busy server that still writes records is not in trouble: it only needs time.
 */
function waitToResend<Stored extends DeliverableRecord>(
  state: DeliveryState<Stored>,
  accepted: number,
  at: Moment,
): DeliveryState<Stored> {
  const failures = accepted > 0 ? 0 : state.failures
  return {
    ...state,
    failures: failures + 1,
    waitUntilMs: at.nowMs + retryWaitMs(sinkPace, failures, at.chance),
    trouble: accepted > 0 ? state.trouble : { code: 'retrying' },
  }
}

/**
 * Handles refused records that prevented the whole batch from being written: the other records are resent
 * once the refused ones are in quarantine.
 */
function applyRefused<Stored extends DeliverableRecord>(
  state: DeliveryState<Stored>,
  run: DeliveryRun<Stored>,
  refused: readonly RefusedRecord<Stored>[],
  terms: DeliveryTerms,
  at: Moment,
): DeliveryState<Stored> {
  if (refused.length === 0)
    return applyRejected(state, run, 'the sink refused the batch without naming a record', terms, at)
  const watch = watchRefused(state.watch, run.pending.length, newlyRefused(refused))
  if (watch === undefined) return pause(putOnProbation(state), tooManyRefused(refused), terms, at)
  const { pending, state: after } = quarantine({ ...state, watch }, run, refused, terms)
  const left = { ...run, pending }
  return pending.length === 0 ? completeRun(after, left, at.nowMs) : { ...after, run: left }
}

/**
 * Halves the batch until the record that cannot be written is alone. In this case the sink itself reports
 * that a record is at fault.
 */
function applyRejected<Stored extends DeliverableRecord>(
  state: DeliveryState<Stored>,
  run: DeliveryRun<Stored>,
  reason: string,
  terms: DeliveryTerms,
  at: Moment,
): DeliveryState<Stored> {
  const { pending } = run
  const [record] = pending
  const ended = endSession(state, { kind: 'rejected', reason }, terms)
  if (pending.length === 1 && record !== undefined) {
    return applyRefused(ended, run, [{ record, reason }], terms, at)
  }
  const troubleAt = Math.max(state.troubleAt, state.readTo.offset)
  return { ...shrink(ended, pending.length, false), run: null, troubleAt, trouble: { code: 'rejecting' } }
}

function applyThrown<Stored extends DeliverableRecord>(
  state: DeliveryState<Stored>,
  run: DeliveryRun<Stored>,
  outcome: Thrown,
  terms: DeliveryTerms,
  at: Moment,
): DeliveryState<Stored> {
  const { offset: exceptionsAt } = state.readTo
  // A faulty record fails at one offset. If a sink fails at several offsets, no record is suspect.
  const exceptions = exceptionsAt === state.exceptionsAt ? state.exceptions + 1 : 1
  const failed = { ...fail(state, outcome, terms, at), exceptions, exceptionsAt }
  // The search continues immediately: only its end, with either result, is worth a wait.
  const hunting = { ...failed, waitUntilMs: at.nowMs }
  const { pending } = run
  const [record] = pending
  const reason = `the sink fails on this record: ${outcome.reason}`
  if (pending.length === 1 && record !== undefined && state.accused.has(record.position.offset)) {
    return applyRefused(hunting, run, [{ record, reason }], terms, at)
  }
  const isHunting = exceptions >= exceptionsBeforeHalving || state.suspects.length > 0
  if (!isHunting) return failed
  if (pending.length > 1 || record === undefined) return shrink(hunting, pending.length, false)
  const thrownAlone = exceptions === 1 ? 1 : state.thrownAlone + 1
  if (thrownAlone < timesAlone[terms.idempotence]) return { ...hunting, thrownAlone }
  const suspect = { record, reason }
  const suspects = [...state.suspects, suspect]
  if (suspects.length > maxSuspects[terms.idempotence]) return { ...releaseSuspects(failed), batchRecords: 1 }
  if (watchRefused(state.watch, 1, newlyRefused(suspects)) === undefined) {
    return pause(releaseSuspects(putOnProbation(state)), tooManyRefused([suspect]), terms, at)
  }
  const onTrial = { ...hunting, suspects, thrownAlone: 0, batchRecords: 1 }
  const after =
    terms.idempotence === 'position'
      ? quarantine(onTrial, run, [suspect], terms).state
      : { ...onTrial, refused: union(onTrial.refused, [record]) }
  return { ...after, readTo: record.position, run: null }
}

/**
 * Handles proof that the sink works: another record was written, so each suspect that throws again is at
 * fault.
 */
function accuse<Stored extends DeliverableRecord>(
  state: DeliveryState<Stored>,
  run: DeliveryRun<Stored>,
  leftOver: ReadonlySet<number>,
): DeliveryState<Stored> {
  const acceptedAhead = union(
    state.acceptedAhead,
    run.pending.filter((_, index) => !leftOver.has(index)),
  )
  const accused = new Set(state.suspects.map(({ record }) => record.position.offset))
  const { exceptions } = state
  return { ...releaseSuspects(state), acceptedAhead, accused, exceptions, batchRecords: 1 }
}

/** Clears the suspects after another record was written: the sink works, so the suspects are at fault. */
function prove<Stored extends DeliverableRecord>(state: DeliveryState<Stored>): DeliveryState<Stored> {
  const { suspects } = state
  const watch =
    suspects.length === 0
      ? state.watch
      : (watchRefused(state.watch, 1, newlyRefused(suspects)) ?? onProbation)
  return { ...state, watch, suspects: [], exceptions: 0, thrownAlone: 0 }
}

function quarantine<Stored extends DeliverableRecord>(
  state: DeliveryState<Stored>,
  run: DeliveryRun<Stored>,
  refused: readonly RefusedRecord<Stored>[],
  terms: DeliveryTerms,
): { readonly state: DeliveryState<Stored>; readonly pending: readonly Stored[] } {
  const records = refused.map(({ record }) => record)
  const after = acknowledge({ ...state, refused: union(state.refused, records) }, { refused })
  return { state: after, pending: pendingRecords(run.records, after, terms) }
}

function shrink<Stored extends DeliverableRecord>(
  state: DeliveryState<Stored>,
  sent: number,
  cautious: boolean,
): DeliveryState<Stored> {
  return {
    ...state,
    batchRecords: Math.max(1, Math.ceil(sent / 2)),
    cautious: cautious || state.cautious,
  }
}

function grow<Stored extends DeliverableRecord>(
  state: DeliveryState<Stored>,
  { batchRecords: most }: DeliveryTerms,
): DeliveryState<Stored> {
  const { batchRecords, cautious } = state
  if (batchRecords >= most) return { ...state, cautious: false }
  const step = cautious ? Math.ceil(batchRecords / 8) : batchRecords
  return { ...state, batchRecords: Math.min(batchRecords + step, most) }
}

function putOnProbation<Stored extends DeliverableRecord>(
  state: DeliveryState<Stored>,
): DeliveryState<Stored> {
  return {
    ...state,
    watch: onProbation,
    batchRecords: Math.min(state.batchRecords, probationRecords),
  }
}

function tooManyRefused<Stored extends DeliverableRecord>(refused: readonly RefusedRecord<Stored>[]): Failed {
  return {
    kind: 'failed',
    code: 'too-many-refused',
    remedy: `find out why the sink refuses so many records, for example: ${refused[0]?.reason ?? 'unknown'}`,
  }
}

function refusedRecords<Stored extends DeliverableRecord>(
  run: DeliveryRun<Stored>,
  refusals: readonly Refusal[],
): readonly RefusedRecord<Stored>[] {
  return refusals.map(({ index, reason }) => ({ record: named(run, index), reason }))
}

function named<Stored extends DeliverableRecord>({ pending }: DeliveryRun<Stored>, index: number): Stored {
  // A string such as '0' would find the record here, but would not match its index later.
  const record = Number.isInteger(index) ? pending[index] : undefined
  if (record === undefined)
    throw new RangeError(`the sink returned index ${index} for a batch of ${pending.length} records`)
  return record
}

function union<Stored extends DeliverableRecord>(
  offsets: ReadonlySet<number>,
  records: readonly Stored[],
): ReadonlySet<number> {
  return records.length === 0
    ? offsets
    : new Set([...offsets, ...records.map(({ position }) => position.offset)])
}
