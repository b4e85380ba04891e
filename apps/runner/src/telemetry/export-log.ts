import type { Logger } from '@cdrstream/plugin'
import { type DiagLogger, DiagLogLevel, diag } from '@opentelemetry/api'

/** While a telemetry receiver is down, every export fails. */
const againAfterMs = 600_000

/** Logs the SDK's reports about failed exports until it is disposed. */
export function logExports(log: Logger, nowMs: () => number = () => performance.now()): Disposable {
  let loggedAtMs = Number.NEGATIVE_INFINITY
  const report = (message: unknown) => {
    if (nowMs() - loggedAtMs < againAfterMs) return
    loggedAtMs = nowMs()
    log.warn('metrics or traces could not be exported; retrying', {
      code: 'telemetry-not-exported',
      cause: causeOf(String(message)),
    })
  }
  const ignore = () => {}
  const logger: DiagLogger = { error: report, warn: report, info: ignore, debug: ignore, verbose: ignore }
  diag.setLogger(logger, { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true })
  return { [Symbol.dispose]: () => diag.disable() }
}

/** The SDK passes an error as JSON, with its stack. */
function causeOf(message: string): string {
  try {
    const parsed: unknown = JSON.parse(message)
    if (typeof parsed === 'object' && parsed !== null && 'message' in parsed) return String(parsed.message)
  } catch {
    // Not JSON, so the text is used as it is.
  }
  return message
}
