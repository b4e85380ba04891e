import { parseDurationMs } from '@cdrstream/plugin'
import { InvalidArgumentError } from 'commander'

// The parsers of option values for commander. Their errors are shown to the user.

/** In milliseconds. */
export function durationValue(text: string): number {
  const ms = parseDurationMs(text)
  if (ms === undefined || ms === 0)
    throw new InvalidArgumentError('Expected a duration such as 250ms, 20s or 5m.')
  return ms
}

export function wholeNumberValue(least: number, most: number): (text: string) => number {
  return (text) => {
    const number = /^\d+$/.test(text) ? Number(text) : Number.NaN
    if (number >= least && number <= most) return number
    throw new InvalidArgumentError(`Expected a whole number from ${least} to ${most}.`)
  }
}

export function positiveNumberValue(text: string): number {
  const number = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN
  if (number > 0) return number
  throw new InvalidArgumentError('Expected a number above 0.')
}

export function shareValue(text: string): number {
  const share = /^(0|1|0?\.\d+|1\.0+)$/.test(text) ? Number(text) : Number.NaN
  if (share >= 0 && share <= 1) return share
  throw new InvalidArgumentError('Expected a share from 0 to 1.')
}
