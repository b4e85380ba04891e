import type { Chance } from '../chance.ts'
import { newCall } from './call.ts'
import { inboundCall, internalCall, outboundCall } from './direct-call.ts'
import type { Directory } from './directory.ts'
import { forwardedCall } from './forwarded-call.ts'
import { groupCall } from './group-call.ts'
import type { Leg } from './leg.ts'
import { attendedTransfer, blindTransfer } from './transferred-call.ts'

/**
 * Returns the legs of a random call, which refer to each other as in docs/api/webex-cdr-api.md, section 12.
 */
export function makeCall(directory: Directory, chance: Chance): readonly Leg[] {
  const call = newCall(directory, chance)
  const roll = chance.next()
  if (roll < 0.33) return internalCall(call)
  if (roll < 0.57) return inboundCall(call)
  if (roll < 0.77) return outboundCall(call)
  if (roll < 0.81) return forwardedCall(call)
  if (roll < 0.88) return groupCall(call, chance.oneOf(directory.huntGroups))
  if (roll < 0.93) return groupCall(call, chance.oneOf(directory.queues))
  if (roll < 0.97) return blindTransfer(call)
  return attendedTransfer(call)
}
