export { classified } from './classified.ts'
export { errorCode } from './error-code.ts'
export { findingOf } from './finding-of.ts'
export {
  type AmountBounds,
  byteSizeOption,
  durationOption,
  flagOption,
  httpUrlOption,
  pathOption,
  textOption,
} from './options.ts'
export { retryAfter } from './retry-after.ts'
export { failed, faultOutcome, SinkFault } from './sink-fault.ts'
export { withSignal } from './with-signal.ts'
