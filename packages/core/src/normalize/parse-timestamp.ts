/**
 * Returns a time as the API writes it, in milliseconds since 1970, UTC. The usual form is
 * `2026-09-24T07:49:10.939Z`. Also accepted: a space instead of `T`, up to 9 fraction digits or none, an
 * offset such as `+02:00`, and a missing zone, which means UTC. Returns NaN for anything else, and for days
 * and hours that do not exist. Digits finer than a millisecond are dropped: see `finerThanMs`.
 *
 * Written by hand, because `Date.parse` accepts many other strings, assumes the machine's zone if none is
 * given, and is slower.
 */
export function parseTimestampMs(text: string): number {
  const ms = parseUsualForm(text)
  return Number.isNaN(ms) ? parseOtherForm(text) : ms
}

const otherForm = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(?:Z|([+-])(\d\d):(\d\d))?$/

/**
 * Returns the fraction digits of a timestamp that milliseconds cannot hold, without trailing zeros: `''` if
 * there are none.
 */
export function finerThanMs(text: string): string {
  if (text.length === usualLength && text.charCodeAt(23) === capitalZ) return ''
  const fraction = otherForm.exec(text)?.[3] ?? ''
  return fraction.slice(3).replace(/0+$/, '')
}

function parseOtherForm(text: string): number {
  const [, day, time, fraction = '', sign, hours, minutes] = otherForm.exec(text) ?? []
  const ms = parseUsualForm(`${day}T${time}.${fraction.slice(0, 3).padEnd(3, '0')}Z`)
  if (sign === undefined) return ms
  const offsetHours = Number(hours)
  const offsetMinutes = Number(minutes)
  if (offsetHours > 23 || offsetMinutes > 59) return Number.NaN
  const offsetMs = (offsetHours * 60 + offsetMinutes) * 60_000
  return sign === '+' ? ms - offsetMs : ms + offsetMs
}

const zero = 48
const hyphen = 45
const point = 46
const colon = 58
const capitalT = 84
const capitalZ = 90
const usualLength = 24

function parseUsualForm(text: string): number {
  const punctuated =
    text.length === usualLength &&
    text.charCodeAt(4) === hyphen &&
    text.charCodeAt(7) === hyphen &&
    text.charCodeAt(10) === capitalT &&
    text.charCodeAt(13) === colon &&
    text.charCodeAt(16) === colon &&
    text.charCodeAt(19) === point &&
    text.charCodeAt(23) === capitalZ
  if (!punctuated) return Number.NaN
  const year = twoDigits(text, 0) * 100 + twoDigits(text, 2)
  const month = twoDigits(text, 5)
  const day = twoDigits(text, 8)
  const hour = twoDigits(text, 11)
  const minute = twoDigits(text, 14)
  const second = twoDigits(text, 17)
  const ms = twoDigits(text, 20) * 10 + oneDigit(text, 22)
  const exists =
    year < bad &&
    month >= 1 &&
    month <= 12 &&
    day >= 1 &&
    day <= daysInMonth(year, month) &&
    hour <= 23 &&
    minute <= 59 &&
    second <= 59
  if (!exists || ms >= bad) return Number.NaN
  return daysSince1970(year, month, day) * 86_400_000 + (hour * 3_600 + minute * 60 + second) * 1_000 + ms
}

/**
 * The value of a character that is not a digit: larger than any sum of digits. An integer, because arithmetic
 * with NaN is slower.
 */
const bad = 100_000

function twoDigits(text: string, at: number): number {
  return oneDigit(text, at) * 10 + oneDigit(text, at + 1)
}

function oneDigit(text: string, at: number): number {
  const digit = text.charCodeAt(at) - zero
  return digit >= 0 && digit <= 9 ? digit : bad
}

function daysInMonth(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31
}

/**
 * Returns the number of days from 1970-01-01 to this date (Gregorian). Counts years from March, so that the
 * leap day is the last day of a year.
 */
function daysSince1970(year: number, month: number, day: number): number {
  const marchYear = month > 2 ? year : year - 1
  const monthFromMarch = month > 2 ? month - 3 : month + 9
  const leapDays = Math.floor(marchYear / 4) - Math.floor(marchYear / 100) + Math.floor(marchYear / 400)
  return marchYear * 365 + leapDays + Math.floor((153 * monthFromMarch + 2) / 5) + day - 1 - daysToMarch1970
}

/** The days from March 1 of the year 0 to January 1, 1970, plus one. */
const daysToMarch1970 = 719_468
