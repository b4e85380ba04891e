export type { SimulatedResponse } from './answers.ts'
export { compareKeysWithLedger, type DeliveredKey, type KeyComparison } from './compare-keys-with-ledger.ts'
export { type Comparison, compareWithLedger, type Delivered } from './compare-with-ledger.ts'
export { contentOf } from './content.ts'
export type { Fault, FaultShares } from './faults.ts'
export type { Ledger, LedgerEntry, RequestEntry } from './ledger.ts'
export type { RateViolation } from './rate-violations.ts'
export { scaledClock } from './scaled-clock.ts'
export { type ServeOptions, type SimulatorServer, serveSimulator } from './serve-simulator.ts'
export {
  type SignInBehaviour,
  type SignInFault,
  type SignInFaultShares,
  type SignInRefusal,
  type SimulatedSignIn,
  signInFaults,
  usualSignIn,
} from './sign-in/sign-in-options.ts'
export type { TokenRequestEntry } from './sign-in/token-endpoint.ts'
export type { SimulatedRequest, Simulator } from './simulator.ts'
export {
  type Behaviour,
  type RecordMix,
  type RefusalReason,
  type SigningInOrg,
  type SimulatedOrg,
  type SimulatorClock,
  type SimulatorOptions,
  usualBehaviour,
  usualMix,
} from './simulator-options.ts'
export { documentedTerms, type SimulatorTerms, scaleTerms } from './terms.ts'
export type { UnservedAs, UnservedSpan } from './unserved-spans.ts'
export { createSimulator } from './webex-simulator.ts'
