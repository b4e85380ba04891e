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
import { onProbation, probationRecords, watchAccepted, watchRefused } from './refusal-watch.ts'

/**
 * After this many exceptions in a row a record may be the cause: batches are halved until one record is
 * alone.
 */
const exceptionsBeforeHalving = 5
/** A record that is alone has to throw this often in a row before it is suspected. */
const timesAlone = { key: 3, none: 3, position: 5 }
/**
 * When more records in a row throw alone, it is the sink. With idempotence `position` the suspects cannot be
 * tried again after another record got through, so fewer of them are at risk when an outage ends at that very
 * moment.
 */
const mostSuspects = { key: 10, none: 10, position: 3 }

/** The state after the sink has answered a batch. */
export function applyWritten<Item extends DeliverableRecord>(
  state: DeliveryState<Item>,
  { outcome, timedOut }: { readonly outcome: WriteOutcome | Thrown; readonly timedOut: boolean },
  terms: DeliveryTerms,
  at: Moment,
): DeliveryState<Item> {
  const { run } = state
  if (run === null) return state
  // What takes too long is sent smaller, whatever the sink says about it.
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
      // A time-out says nothing about the records: only fewer of them may help.
      return timedOut ? fail(sized, outcome, terms, at) : applyThrown(sized, run, outcome, terms, at)
  }
}

function applyAccepted<Item extends DeliverableRecord>(
  state: DeliveryState<Item>,
  run: DeliveryRun<Item>,
  { through, refused: refusals = [], again = [] }: Accepted,
  terms: DeliveryTerms,
  at: Moment,
): DeliveryState<Item> {
  const refused = refusedRecords(run, refusals)
  const watch = watchRefused(state.watch, run.pending.length, refused.length)
  // A sink that stores its position has gone past them: without quarantine they would be lost.
  if (watch === undefined && terms.idempotence !== 'position') {
    return pause(putOnProbation(state), tooManyRefused(refused), terms, at)
  }
  for (const index of again) named(run, index)
  if (through !== undefined) assertOfThisJournal(through, run.to)
  const durable = through ?? (again.length > 0 ? state.sinkAt : run.to)
  const written: DeliveryRun<Item> = { ...run, through: durable }
  const leftOver = new Set([...refusals.map(({ index }) => index), ...again])
  const accepted = run.pending.length - leftOver.size
  const isFurther = accepted > 0 && run.to.offset > state.exceptionsAt
  const counted = {
    ...state,
    thrownAlone: isFurther ? 0 : state.thrownAlone,
    watch: watchAccepted(watch ?? onProbation, accepted),
  }
  const isProgress = accepted > 0 && run.to.offset > state.troubleAt
  if (isProgress && state.suspects.length > 0 && terms.idempotence !== 'position') {
    return accuse(counted, run, leftOver)
  }
  const working = isProgress ? prove(counted) : counted
  const finish = (last: DeliveryState<Item>) =>
    completeRun(isProgress || accepted === 0 ? grow(endTrouble(last), terms) : last, written, at.nowMs)
  if (leftOver.size === 0) return finish(working)
  const acceptedAhead = union(
    state.acceptedAhead,
    run.pending.filter((_, index) => !leftOver.has(index)),
  )
  const { pending, state: after } = quarantine({ ...working, acceptedAhead }, run, refused, terms)
  if (pending.length === 0) return finish(after)
  const onGoing = { ...after, run: { ...written, pending } }
  return again.length === 0 ? onGoing : waitForOthers(onGoing, accepted, at)
}

/**
 * Some records are to be sent again: sooner if others got through. While others get through, a server that is
 * busy needs a wait and nothing else, so this is no trouble.
 */
function waitForOthers<Item extends DeliverableRecord>(
  state: DeliveryState<Item>,
  accepted: number,
  at: Moment,
): DeliveryState<Item> {
  const failures = accepted > 0 ? 0 : state.failures
  return {
    ...state,
    failures: failures + 1,
    waitUntilMs: at.nowMs + retryWaitMs(sinkPace, failures, at.chance),
    trouble: accepted > 0 ? state.trouble : { code: 'retrying' },
  }
}

/** Nothing was written because of these records: the others are sent again once these are in quarantine. */
function applyRefused<Item extends DeliverableRecord>(
  state: DeliveryState<Item>,
  run: DeliveryRun<Item>,
  refused: readonly RefusedRecord<Item>[],
  terms: DeliveryTerms,
  at: Moment,
): DeliveryState<Item> {
  if (refused.length === 0)
    return applyRejected(state, run, 'the sink refused without saying what', terms, at)
  const watch = watchRefused(state.watch, run.pending.length, refused.length)
  if (watch === undefined) return pause(putOnProbation(state), tooManyRefused(refused), terms, at)
  const { pending, state: after } = quarantine({ ...state, watch }, run, refused, terms)
  const left = { ...run, pending }
  return pending.length === 0 ? completeRun(after, left, at.nowMs) : { ...after, run: left }
}

/**
 * Smaller batches until the record that cannot be written is alone. Here the sink itself says that it is a
 * record.
 */
function applyRejected<Item extends DeliverableRecord>(
  state: DeliveryState<Item>,
  run: DeliveryRun<Item>,
  reason: string,
  terms: DeliveryTerms,
  at: Moment,
): DeliveryState<Item> {
  const { pending } = run
  const [record] = pending
  const ended = endSession(state, { kind: 'rejected', reason }, terms)
  if (pending.length === 1 && record !== undefined) {
    return applyRefused(ended, run, [{ record, reason }], terms, at)
  }
  const troubleAt = Math.max(state.troubleAt, state.readTo.offset)
  return { ...shrink(ended, pending.length, false), run: null, troubleAt, trouble: { code: 'rejecting' } }
}

function applyThrown<Item extends DeliverableRecord>(
  state: DeliveryState<Item>,
  run: DeliveryRun<Item>,
  outcome: Thrown,
  terms: DeliveryTerms,
  at: Moment,
): DeliveryState<Item> {
  const { offset: exceptionsAt } = state.readTo
  // A record that is at fault fails at one place. A sink that fails here and there does not make it a record.
  const exceptions = exceptionsAt === state.exceptionsAt ? state.exceptions + 1 : 1
  const failed = { ...fail(state, outcome, terms, at), exceptions, exceptionsAt }
  // The search goes on at once: only its end, one way or the other, is worth a wait.
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
  if (suspects.length > mostSuspects[terms.idempotence])
    return { ...releaseSuspects(failed), batchRecords: 1 }
  if (watchRefused(state.watch, 1, suspects.length) === undefined) {
    return pause(releaseSuspects(putOnProbation(state)), tooManyRefused([suspect]), terms, at)
  }
  const onTrial = { ...hunting, suspects, thrownAlone: 0, batchRecords: 1 }
  const after =
    terms.idempotence === 'position'
      ? quarantine(onTrial, run, [suspect], terms).state
      : { ...onTrial, refused: union(onTrial.refused, [record]) }
  return { ...after, readTo: record.position, run: null }
}

/** Another record got through, so the sink works: each suspect that throws once more is at fault. */
function accuse<Item extends DeliverableRecord>(
  state: DeliveryState<Item>,
  run: DeliveryRun<Item>,
  leftOver: ReadonlySet<number>,
): DeliveryState<Item> {
  const acceptedAhead = union(
    state.acceptedAhead,
    run.pending.filter((_, index) => !leftOver.has(index)),
  )
  const accused = new Set(state.suspects.map(({ record }) => record.position.offset))
  const { exceptions } = state
  return { ...releaseSuspects(state), acceptedAhead, accused, exceptions, batchRecords: 1 }
}

/** A record got through: the sink works, so the suspects before it are at fault. */
function prove<Item extends DeliverableRecord>(state: DeliveryState<Item>): DeliveryState<Item> {
  const { suspects } = state
  const watch =
    suspects.length === 0 ? state.watch : (watchRefused(state.watch, 1, suspects.length) ?? onProbation)
  return { ...state, watch, suspects: [], exceptions: 0, thrownAlone: 0 }
}

function quarantine<Item extends DeliverableRecord>(
  state: DeliveryState<Item>,
  run: DeliveryRun<Item>,
  refused: readonly RefusedRecord<Item>[],
  terms: DeliveryTerms,
): { readonly state: DeliveryState<Item>; readonly pending: readonly Item[] } {
  const records = refused.map(({ record }) => record)
  const after = acknowledge({ ...state, refused: union(state.refused, records) }, { refused })
  return { state: after, pending: pendingRecords(run.records, after, terms) }
}

function shrink<Item extends DeliverableRecord>(
  state: DeliveryState<Item>,
  sent: number,
  cautious: boolean,
): DeliveryState<Item> {
  return {
    ...state,
    batchRecords: Math.max(1, Math.ceil(sent / 2)),
    cautious: cautious || state.cautious,
  }
}

function grow<Item extends DeliverableRecord>(
  state: DeliveryState<Item>,
  { batchRecords: most }: DeliveryTerms,
): DeliveryState<Item> {
  const { batchRecords, cautious } = state
  if (batchRecords >= most) return { ...state, cautious: false }
  const step = cautious ? Math.ceil(batchRecords / 8) : batchRecords
  return { ...state, batchRecords: Math.min(batchRecords + step, most) }
}

function putOnProbation<Item extends DeliverableRecord>(state: DeliveryState<Item>): DeliveryState<Item> {
  return {
    ...state,
    watch: onProbation,
    batchRecords: Math.min(state.batchRecords, probationRecords),
  }
}

function tooManyRefused<Item extends DeliverableRecord>(refused: readonly RefusedRecord<Item>[]): Failed {
  return {
    kind: 'failed',
    code: 'too-many-refused',
    remedy: `find out why the sink refuses so large a share of the records, for example: ${refused[0]?.reason ?? 'unknown'}`,
  }
}

function refusedRecords<Item extends DeliverableRecord>(
  run: DeliveryRun<Item>,
  refusals: readonly Refusal[],
): readonly RefusedRecord<Item>[] {
  return refusals.map(({ index, reason }) => ({ record: named(run, index), reason }))
}

function named<Item extends DeliverableRecord>({ pending }: DeliveryRun<Item>, index: number): Item {
  // A text such as '0' would find the record here, and not be known as its index later.
  const record = Number.isInteger(index) ? pending[index] : undefined
  if (record === undefined) throw new RangeError(`the sink names record ${index} of ${pending.length}`)
  return record
}

function union<Item extends DeliverableRecord>(
  offsets: ReadonlySet<number>,
  records: readonly Item[],
): ReadonlySet<number> {
  return records.length === 0
    ? offsets
    : new Set([...offsets, ...records.map(({ position }) => position.offset)])
}
