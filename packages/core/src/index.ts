export { type AdmittedRecord, admitRecords, countRepeated } from './admit-records.ts'
export { applyEvent } from './apply-event.ts'
export {
  type Answered,
  allowedAtMs,
  type Boot,
  type Budget,
  budgetAfter,
  clearLimited,
  type ForeignUse,
  foreignUserAfter,
  giveUpSlot,
  pushBack,
  type RequestKind,
  recoverBudget,
  reserveSlot,
  type Slot,
  settleSlot,
  unusedBudget,
} from './budget.ts'
export { isCaughtUp } from './caught-up.ts'
export { cdrRecord, type RecordParts } from './cdr-record.ts'
export type {
  AskedEvent,
  CollectEvent,
  FailedEvent,
  LimitedEvent,
  NextLink,
  PageEvent,
  RefusedEvent,
} from './collect-event.ts'
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
export { applyDelivery, type DeliveryEvent } from './delivery/apply-delivery.ts'
export { completeMark, lostMark, type MarkFacts, type MissingSpan } from './delivery/complete-mark.ts'
export { type DeliveryStart, deliveryStart, type StartFacts } from './delivery/delivery-start.ts'
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
export type { Thrown } from './delivery/delivery-trouble.ts'
export { type AnsweredWitness, findLoss, type Loss } from './delivery/find-loss.ts'
export { type DeliverySituation, type DeliveryStep, nextDelivery } from './delivery/next-delivery.ts'
export type { FieldAction, FieldPolicy, Hmac, PersonalClass } from './field-policy/field-policy.ts'
export { personalContent } from './field-policy/personal-content.ts'
export { type RecordMask, recordMask } from './field-policy/record-mask.ts'
export {
  type FileFacts,
  type FileTrust,
  type FileWarning,
  type GivenFile,
  isLink,
  judgeOwnFile,
  modeText,
  refusedDirectory,
  refusedOwnDirectory,
  sharedDirectory,
  warnOfGivenFile,
} from './file-trust.ts'
export { recordHome } from './home.ts'
export {
  type Identity,
  identifyItem,
  type NoRecord,
  type ParsedItem,
  type RawItem,
  type RecordIdentity,
  type UnreadableItem,
} from './identify-item.ts'
export { inheritBudget } from './inherit-budget.ts'
export { type Digest, recordKey } from './key.ts'
export type { LearnedTerms } from './learned-terms.ts'
export { type AskStep, type FollowStep, nextStep, type Step, type WaitStep } from './next-step.ts'
export { canonicalContent } from './normalize/canonical-content.ts'
export { normalizeRecord } from './normalize/normalize-record.ts'
export type { NormalizedRecord } from './normalize/normalized-record.ts'
export { firstProgress, type OrgState, orgState, type Purpose, type Reading } from './org-state.ts'
export type { PlannedWindow } from './plan-view.ts'
export type { Progress } from './progress.ts'
export { distinctRank, rankAmong, recordRank } from './rank.ts'
export { readableSpan } from './readable-span.ts'
export type { Revision } from './revision.ts'
export {
  clocksAgree,
  learnServerClock,
  type ServerClock,
  type ServerTime,
  unknownServerClock,
} from './server-clock.ts'
export { settleOrigin } from './settle-origin.ts'
export { type Span, subtractSpan } from './span.ts'
export {
  defaultTerms,
  deriveSchedule,
  type RateTerm,
  type Schedule,
  type StreamTerms,
  type Terms,
} from './terms.ts'
export { isPassed, type Unserved, type UnservedSpan } from './unserved.ts'
export { type WholeMs, wholeMs } from './whole-ms.ts'
export { contentHider, type PersonalContent } from './words/content-hider.ts'
export { plainLine, plainLines } from './words/plain-line.ts'
export { shortestSecret } from './words/secret-forms.ts'
export { createWords, type Words } from './words/words.ts'
