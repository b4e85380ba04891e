import type { Call, Finding, Logger, Sink } from '@cdrstream/plugin'
import type { SinkConfiguration } from '../configuration/configuration.ts'
import { notChecked, ok, problem, type Result, warning } from './check.ts'

interface SinkMeans {
  readonly baseDirectory: string
  readonly log: Logger
}

/** Without this limit, a connection that a firewall silently drops would take minutes. */
const mostMs = 30_000

/** Returns a sink's findings in its own words. The sink is not opened, so nothing is created or changed. */
export async function checkSink(
  { name, sink: plugin }: SinkConfiguration,
  { baseDirectory, log }: SinkMeans,
  signal: AbortSignal,
): Promise<readonly Result[]> {
  let sink: Sink
  try {
    sink = plugin.create({ name, baseDirectory, log })
  } catch (error) {
    return [fault('create-failed', 'its `create` threw an error', describe(error))]
  }
  if (sink.check === undefined) {
    return [
      notChecked('no-check', 'this sink does not implement a check; the first run shows whether it works'),
    ]
  }
  const timeoutMs = Math.min(plugin.traits.timeoutMs ?? mostMs, mostMs)
  const call = { signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]) }
  try {
    const findings = await untilAborted(sink.check(call), call)
    return findings.length === 0 ? [ok('nothing-found', 'no problems found')] : findings.map(resultOf)
  } catch (error) {
    if (signal.aborted) return [notChecked('stopped', 'doctor was stopped')]
    return call.signal.aborted
      ? [fault('check-timeout', `its check did not end within ${timeoutMs / 1_000} s`, 'no answer')]
      : [fault('check-failed', 'its check threw an error', describe(error))]
  }
}

function resultOf({ level, code, message }: Finding): Result {
  switch (level) {
    case 'ok':
      return ok(code, message)
    case 'warning':
      return warning(code, message, null)
    case 'error':
      return problem(code, message, null)
    default:
      return fault('check-failed', 'its check returned a finding of an unknown level', describe(level))
  }
}

function fault(code: string, message: string, words: string): Result {
  return problem(
    code,
    `${message} (${words})`,
    "Check that this sink's options are right and that its destination can be reached. If so, report the problem to the plugin's author.",
  )
}

function describe(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error)
}

function untilAborted<Value>(work: Promise<Value>, { signal }: Call): Promise<Value> {
  const aborted = new Promise<never>((_, reject) => {
    if (signal.aborted) reject(signal.reason)
    else signal.addEventListener('abort', () => reject(signal.reason), { once: true })
  })
  return Promise.race([work, aborted])
}
