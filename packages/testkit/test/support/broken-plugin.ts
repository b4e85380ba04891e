import { breakSink, type Fault } from './break-sink.ts'
import { contentFaults } from './content-faults.ts'
import { offerFaults } from './offer-faults.ts'
import { outageFaults } from './outage-faults.ts'
import { poisonFaults } from './poison-faults.ts'
import { positionFaults } from './position-faults.ts'
import { protocolFaults } from './protocol-faults.ts'

export const faults: Readonly<Record<string, Fault>> = {
  ...contentFaults,
  ...poisonFaults,
  ...offerFaults,
  ...protocolFaults,
  ...positionFaults,
  ...outageFaults,
}

/** The fault to inject: the module is imported with `?fault=NAME`. */
const chosen = faults[new URL(import.meta.url).searchParams.get('fault') ?? '']

// biome-ignore lint/style/noDefaultExport: a plugin is the default export of its module.
export default chosen && breakSink(chosen)
