import { parseDurationMs } from '@cdrstream/plugin'
import { InvalidArgumentError } from 'commander'
import type { PastTime } from '../commands/replay.ts'

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

export function fractionValue(text: string): number {
  const fraction = /^(0|1|0?\.\d+|1\.0+)$/.test(text) ? Number(text) : Number.NaN
  if (fraction >= 0 && fraction <= 1) return fraction
  throw new InvalidArgumentError('Expected a fraction from 0 to 1.')
}

const zonedTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d)$/

/** A time with its zone, or a duration before now. A time without a zone would be ambiguous. */
export function pastTimeValue(text: string): PastTime {
  const agoMs = parseDurationMs(text)
  if (agoMs !== undefined && agoMs > 0) return { agoMs }
  const atMs = zonedTime.test(text) ? Date.parse(text) : Number.NaN
  if (!Number.isNaN(atMs)) return { atMs }
  throw new InvalidArgumentError(
    'Expected a time with its zone, such as 2026-11-30T08:00:00Z or 2026-11-30T09:00:00+01:00, or a duration before now, such as 2h.',
  )
}

/** An item number from `quarantine list`. */
export function itemNumbers(text: string, before: readonly number[] = []): readonly number[] {
  const number = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN
  if (number > 0) return [...before, number]
  throw new InvalidArgumentError('Expected an item number from `cdrstream quarantine list`.')
}
