export { type Comparison, compareWithLedger, type Delivered } from './compare-with-ledger.ts'
export type { Fault, FaultShares } from './faults.ts'
export { contentOf, type Ledger, type LedgerEntry, type RequestEntry } from './ledger.ts'
export type { RateViolation } from './rate-violations.ts'
export { type SimulatorServer, serveSimulator } from './serve-simulator.ts'
export {
  createSimulator,
  type SimulatedRequest,
  type SimulatedResponse,
  type Simulator,
} from './simulator.ts'
export {
  type Behaviour,
  type RecordMix,
  type SimulatedOrg,
  type SimulatorClock,
  type SimulatorOptions,
  usualBehaviour,
  usualMix,
} from './simulator-options.ts'
export { documentedTerms, type SimulatorTerms, scaleTerms } from './terms.ts'
