import { writeFileSync } from 'node:fs'
import type { Terms } from '@cdrstream/core'
import { createSteadyClock } from '@cdrstream/engine/node'
import { coverageLegend } from '../demo/coverage-bar.ts'
import { DemoCollector } from '../demo/demo-collector.ts'
import { type DemoDirectory, prepareDirectory } from '../demo/demo-directory.ts'
import { resultLine, troubles } from '../demo/demo-result.ts'
import { type DemoEnd, runDemo } from '../demo/demo-run.ts'
import { type DemoSimulator, demoOrg, demoTerms, startDemoSimulator } from '../demo/demo-simulator.ts'
import { JournalWatch } from '../demo/journal-watch.ts'
import { LiveView } from '../demo/live-view.ts'
import { type ExitCode, exitCodes } from '../exit-code.ts'
import { simulatedConfiguration } from '../simulate/simulated-configuration.ts'
import { stopSignal } from '../stop-signal.ts'
import type { Terminal } from '../terminal.ts'

export interface DemoOptions {
  /** How long the simulated Webex generates calls, in milliseconds. */
  readonly for: number
  readonly directory: string
}

/**
 * `cdrstream demo`: runs a simulated API and a collector, kills the collector once, and compares the results.
 */
export async function demo(options: DemoOptions, terminal: Terminal): Promise<ExitCode> {
  using stopping = stopSignal(terminal)
  const prepared = prepareDirectory(options.directory)
  if (prepared.kind === 'foreign') {
    terminal.say(
      `--directory: expected a new directory or an earlier demo's directory, found ${prepared.path}`,
    )
    return exitCodes.usage
  }
  const { directory } = prepared
  const api = await startDemoSimulator()
  writeFileSync(directory.configuration, configurationOf(api), { mode: 0o600 })
  const view = new LiveView(terminal)
  view.say(`simulated Webex at ${api.server.baseUrl}, where a minute takes a second`)
  view.say(`collector with ${directory.shown}/cdrstream.yaml; its log is ${directory.shown}/collector.log`)
  if (terminal.outIsTerminal) view.say(`coverage of the last minute, second by second: ${coverageLegend}`)
  const watch = new JournalWatch(directory.journal, demoOrg.name, collectorTerms)
  try {
    const end = await runDemo({
      api,
      collector: new DemoCollector(directory),
      watch,
      view,
      directory,
      clock: createSteadyClock(),
      forMs: options.for,
      stopping: stopping.signal,
    })
    return report(end, directory, view, terminal)
  } finally {
    await watch.close()
    await api.server.close()
  }
}

function report(end: DemoEnd, directory: DemoDirectory, view: LiveView, terminal: Terminal): ExitCode {
  switch (end.kind) {
    case 'stopped':
      view.say('stopped early')
      return exitCodes.failed
    case 'collector':
      terminal.say(`${end.problem}: see ${directory.log}`)
      return exitCodes.failed
    case 'result': {
      const found = troubles(end.result)
      for (const trouble of found) view.say(trouble)
      view.say(resultLine(end.result))
      return found.length === 0 ? exitCodes.done : exitCodes.failed
    }
  }
}

const { pageSize, initialRequests, pageRequests, ...stream } = demoTerms
const collectorTerms: Terms = { pageSize: pageSize.max, initialRequests, pageRequests, stream }

function configurationOf({ server }: DemoSimulator): string {
  return simulatedConfiguration({
    baseUrl: server.baseUrl,
    orgs: [demoOrg],
    terms: demoTerms,
    // The simulated Webex has no earlier records.
    start: '5s',
    publishAfter: '1s',
    directories: { data: './data', records: './records' },
  })
}
