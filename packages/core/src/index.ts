export { type AcceptedRecord, acceptRecords, countRepeated, type Revision } from './accept-records.ts'
export { applyEvent } from './apply-event.ts'
export { BrokenInvariant } from './assert.ts'
export { isCatchingUp, isCaughtUp } from './caught-up.ts'
export { cdrRecord, cdrRecords } from './cdr-record.ts'
export type { CollectEvent, FailedEvent, NextLink } from './collect-event.ts'
export { correctOrigin } from './correct-origin.ts'
export {
  type Coverage,
  type CoverageInterval,
  type CoverageLevel,
  coverageEdgeSec,
  coverageFrontierSec,
  spansAtLevel,
  unreadSpans,
} from './coverage.ts'
export { acceptedSinceMs } from './delivery/accepted-since.ts'
export { type ControlEvent, pausedByOperator, startOver } from './delivery/apply-control.ts'
export { applyDelivery, type DeliveryEvent } from './delivery/apply-delivery.ts'
export { completeMark, lostMark } from './delivery/complete-mark.ts'
export { type DeliveryStart, deliveryStart } from './delivery/delivery-start.ts'
export {
  type Acknowledgement,
  type DeliverableRecord,
  type DeliveryEnd,
  type DeliveryState,
  type DeliveryTerms,
  type DeliveryTrouble,
  deliveryState,
  deliveryTerms,
  type RefusedRecord,
} from './delivery/delivery-state.ts'
export { type AnsweredWitness, findLoss } from './delivery/find-loss.ts'
export { type DeliveryStep, nextDelivery } from './delivery/next-delivery.ts'
export type { FieldAction, FieldPolicy, Hmac, PersonalClass } from './field-policy/field-policy.ts'
export { personalContent } from './field-policy/personal-content.ts'
export { createRecordMask, type RecordMask } from './field-policy/record-mask.ts'
export { recordHome } from './home.ts'
export {
  type IdentifiedItem,
  type IdentifiedRecord,
  identifyItem,
  type UnusableItem,
} from './identify-item.ts'
export type { Item } from './item.ts'
export type { Digest } from './key.ts'
export type { LearnedTerms } from './learned-terms.ts'
export { type AskStep, type FollowStep, nextStep, type WaitStep } from './next-step.ts'
export { type CanonicalContent, canonicalContent } from './normalize/canonical-content.ts'
export { normalizeRecord } from './normalize/normalize-record.ts'
export { firstProgress, type OrgState, orgState } from './org-state.ts'
export type { Progress } from './progress.ts'
export { recordRank } from './rank.ts'
export { readableSpan } from './readable-span.ts'
export { type RetryPace, retryWaitMs } from './retry-wait.ts'
export {
  clocksAgree,
  learnServerClock,
  type ServerClock,
  type ServerTime,
  unknownServerClock,
} from './server-clock.ts'
export { type Span, subtractSpan } from './span.ts'
export type { StoredRecord } from './stored-record.ts'
export { defaultTerms, deriveSchedule, type RateTerm, type StreamTerms, type Terms } from './terms.ts'
export { isPassed } from './unserved.ts'
export { type WholeMs, wholeMs } from './whole-ms.ts'
