import { createSimulator, serveSimulator, usualMix } from '@cdrstream/simulator'
import { type ExitCode, exitCodes } from '../exit-code.ts'
import { behaviourOf, mixOf, type SimulateOptions, signInOf } from '../simulate/simulate-options.ts'
import { simulatedConfiguration } from '../simulate/simulated-configuration.ts'
import { simulatedOrgs } from '../simulate/simulated-orgs.ts'
import { simulatedTerms } from '../simulate/simulated-terms.ts'
import { writeLedger } from '../simulate/write-ledger.ts'
import { stopSignal } from '../stop-signal.ts'
import type { Terminal } from '../terminal.ts'

/** `cdrstream simulate`: serves a simulated Webex API until it is stopped. */
export async function simulate(options: SimulateOptions, terminal: Terminal): Promise<ExitCode> {
  using stopping = stopSignal(terminal)
  const { seed, scale, history = 0 } = options
  const orgs = simulatedOrgs(options)
  const terms = simulatedTerms(options)
  const simulator = createSimulator({
    seed,
    clock: { nowMs: Date.now },
    orgs,
    terms,
    sinceMs: Date.now() - history,
    mix: {
      lateMaxMs: usualMix.lateMaxMs / scale,
      insertionDelayMs: usualMix.insertionDelayMs / scale,
      ...mixOf(options),
    },
    behaviour: behaviourOf(options),
    faults: options.fault ?? {},
    signIn: signInOf(options),
    signInFaults: options.signInFault ?? {},
  })
  let server: Awaited<ReturnType<typeof serveSimulator>>
  try {
    server = await serveSimulator(simulator, { port: options.port })
  } catch (error) {
    terminal.say(`cannot listen on port ${options.port}: ${error instanceof Error ? error.message : error}`)
    return exitCodes.failed
  }
  const { baseUrl } = server
  const tokenUrl = options.signIn === true ? { tokenUrl: server.tokenUrl } : {}
  const directories = { data: './data', records: './data/records' }
  const note =
    'A simulated Webex API runs until you press Ctrl-C. To collect from it, save this as cdrstream.yaml.'
  terminal.print(
    simulatedConfiguration({ note, baseUrl, ...tokenUrl, orgs, terms, directories, publishAfter: '5s' }),
  )
  // Without the configuration, no one could use the server.
  if ((await terminal.printProblem()) === undefined) await aborted(stopping.signal)
  await server.close()
  if (options.ledger !== undefined) await writeLedger(options.ledger, simulator.ledger)
  const violations = simulator.rateViolations().length
  terminal.say(
    `${simulator.ledger.requests.length} requests answered, ${violations} of them over the rate limit`,
  )
  return exitCodes.done
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve())
  })
}
