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

/** Imported with `?fault=NAME`. */
const chosen = faults[new URL(import.meta.url).searchParams.get('fault') ?? '']

// biome-ignore lint/style/noDefaultExport: the module of a plugin has it as its default.
export default chosen && breakSink(chosen)
