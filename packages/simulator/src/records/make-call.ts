import type { Chance } from '../chance.ts'
import { newCall } from './call.ts'
import { inboundCall, internalCall, outboundCall } from './direct-call.ts'
import type { Directory } from './directory.ts'
import { forwardedCall } from './forwarded-call.ts'
import { groupCall } from './group-call.ts'
import type { Leg } from './leg.ts'
import { attendedTransfer, blindTransfer } from './transferred-call.ts'

/** The legs of one call; section 12 of the API's facts says how they refer to each other. */
export function makeCall(directory: Directory, chance: Chance): readonly Leg[] {
  const call = newCall(directory, chance)
  const lot = chance.next()
  if (lot < 0.33) return internalCall(call)
  if (lot < 0.57) return inboundCall(call)
  if (lot < 0.77) return outboundCall(call)
  if (lot < 0.81) return forwardedCall(call)
  if (lot < 0.88) return groupCall(call, chance.oneOf(directory.huntGroups))
  if (lot < 0.93) return groupCall(call, chance.oneOf(directory.queues))
  if (lot < 0.97) return blindTransfer(call)
  return attendedTransfer(call)
}
