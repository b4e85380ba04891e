import { type Call, drawTimes, internalLeg } from './call.ts'
import { numberAbroad, outsideNumber } from './directory.ts'
import { type Leg, makeLeg, newLegIds } from './leg.ts'

const answeredShare = 0.75

/** Returns a call between two people in the company. */
export function internalCall(call: Call): readonly Leg[] {
  const { directory, chance } = call
  const times = drawTimes(chance, 0, chance.happens(answeredShare))
  return internalLeg(call, {
    from: chance.oneOf(directory.people),
    to: chance.oneOf(directory.people),
    times,
  })
}

/**
 * Returns a call from outside. Only the company's side of the leg has a record, and its Remote call ID is
 * empty.
 */
export function inboundCall({ directory, chance, session }: Call): readonly Leg[] {
  const owner = chance.oneOf(directory.people)
  return [
    makeLeg(
      {
        session,
        ids: newLegIds(chance),
        side: 'TERMINATING',
        owner,
        calling: { name: 'NA', number: outsideNumber(chance) },
        called: owner,
        times: drawTimes(chance, 0, chance.happens(answeredShare)),
        callType: 'SIP_INBOUND',
        bothSides: false,
      },
      directory,
    ),
  ]
}

/** Returns a call to a number outside the company. */
export function outboundCall({ directory, chance, session }: Call): readonly Leg[] {
  const owner = chance.oneOf(directory.people)
  const abroad = chance.happens(0.1)
  return [
    makeLeg(
      {
        session,
        ids: newLegIds(chance),
        side: 'ORIGINATING',
        owner,
        calling: owner,
        called: { name: 'NA', number: abroad ? numberAbroad(chance) : outsideNumber(chance) },
        times: drawTimes(chance, 0, chance.happens(answeredShare)),
        callType: abroad ? 'SIP_INTERNATIONAL' : 'SIP_NATIONAL',
        bothSides: false,
        more: abroad ? { 'International country': 'GB' } : {},
      },
      directory,
    ),
  ]
}
