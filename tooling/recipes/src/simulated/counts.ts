import type { CdrFields, CdrRecord } from '@cdrstream/plugin'

/** Numbers by name, to compare with an answer. They are counted in plain code, without a query language. */
export type Counts = ReadonlyMap<string, number>

const people: ReadonlySet<string | null> = new Set(['User', 'Place', 'VirtualLine'])
const days = new Intl.DateTimeFormat('en-CA', { timeZone: 'America/Chicago', dateStyle: 'short' })
const fromMs = Date.parse('2026-11-02T06:00:00Z')
const toMs = Date.parse('2026-11-04T06:00:00Z')

/** Returns the records of legs that started on the two days, 2 and 3 November 2026 in Chicago. */
export function fieldsOfSpan(records: readonly CdrRecord[]): readonly CdrFields[] {
  return records
    .map(({ fields }) => fields)
    .filter(({ start_time }) => start_time !== null && start_time >= fromMs && start_time < toMs)
}

/** Returns the number of calls by `day location`. */
export function callsOfLocations(records: readonly CdrFields[]): Counts {
  return distinctCalls(records, (it) => `${days.format(it.start_time ?? 0)} ${it.location}`)
}

/** Returns the number of missed calls by person UUID. */
export function missedCalls(records: readonly CdrFields[]): Counts {
  return distinctCalls(
    records.filter(
      (it) =>
        isPerson(it) &&
        it.direction === 'TERMINATING' &&
        it.answered === false &&
        it.answered_elsewhere === null,
    ),
    (it) => it.user_uuid,
  )
}

/** Returns the seconds by `location country`. */
export function secondsAbroad(records: readonly CdrFields[]): Counts {
  const seconds = new Map<string, number>()
  for (const it of records) {
    if (it.call_type !== 'SIP_INTERNATIONAL' || it.answered !== true) continue
    const name = `${it.location} ${it.international_country}`
    seconds.set(name, (seconds.get(name) ?? 0) + (it.duration ?? 0))
  }
  return seconds
}

/** Returns the longest conversation of each call in seconds, longest first. */
export function longestSeconds(records: readonly CdrFields[], count: number): readonly number[] {
  const longest = new Map<string, number>()
  for (const it of records) {
    if (!isPerson(it) || it.answered !== true) continue
    longest.set(callOf(it), Math.max(longest.get(callOf(it)) ?? 0, it.duration ?? 0))
  }
  return [...longest.values()].sort((one, other) => other - one).slice(0, count)
}

/**
 * Returns the peak number of concurrent calls by `day`, counted at midnight and whenever a call starts.
 * Expects all records, including those of earlier calls.
 */
export function peaks(records: readonly CdrFields[]): Counts {
  const calls = [...Map.groupBy(records, callOf).values()].map((legs) => ({
    fromMs: Math.min(...legs.map(({ start_time }) => start_time ?? Number.NaN)),
    toMs: Math.max(...legs.map(({ release_time }) => release_time ?? Number.NaN)),
  }))
  const midnights = [fromMs, fromMs + 86_400_000]
  const peak = new Map<string, number>()
  for (const atMs of [...midnights, ...calls.map((call) => call.fromMs)]) {
    if (atMs < fromMs || atMs >= toMs) continue
    const day = days.format(atMs)
    const count = calls.filter((call) => call.fromMs <= atMs && call.toMs > atMs).length
    peak.set(day, Math.max(peak.get(day) ?? 0, count))
  }
  return peak
}

/** Returns the number of calls by `trunk in` or `trunk out`. */
export function callsOfTrunks(records: readonly CdrFields[]): Counts {
  return new Map([
    ...distinctCalls(records, (it) => it.inbound_trunk && `${it.inbound_trunk} in`),
    ...distinctCalls(records, (it) => it.outbound_trunk && `${it.outbound_trunk} out`),
  ])
}

/**
 * Returns, by queue UUID, how many calls entered the queue and ended before this time, and how many of those
 * reached no person.
 */
export function queueCalls(
  records: readonly CdrFields[],
  endedBeforeMs: number,
): { entered: Counts; abandoned: Counts } {
  const ofQueues = records.filter(
    (it) =>
      it.direction === 'TERMINATING' &&
      it.user_type === 'CallCenterStandard' &&
      (it.release_time ?? Number.NaN) < endedBeforeMs,
  )
  const reached = new Set(
    records
      .filter((it) => it.direction === 'TERMINATING' && isPerson(it) && it.answered === true)
      .map(callOf),
  )
  return {
    entered: distinctCalls(ofQueues, (it) => it.user_uuid),
    abandoned: distinctCalls(
      ofQueues.filter((it) => !reached.has(callOf(it))),
      (it) => it.user_uuid,
    ),
  }
}

/** Returns, by person UUID, how many calls rang for the person and were answered by someone else. */
export function callsAnsweredElsewhere(records: readonly CdrFields[]): Counts {
  const takenBy = new Set(
    records.filter((it) => it.direction === 'TERMINATING' && it.answered === true).map(callAndUser),
  )
  return distinctCalls(
    records.filter((it) => it.answered_elsewhere === 'Yes' && !takenBy.has(callAndUser(it))),
    (it) => it.user_uuid,
  )
}

function callAndUser(record: CdrFields): string {
  return `${callOf(record)} ${record.user_uuid}`
}

function isPerson({ user_type }: CdrFields): boolean {
  return people.has(user_type)
}

function callOf({ correlation_id }: CdrFields): string {
  return correlation_id ?? ''
}

/** Counts distinct calls by name, omitting records without a name. */
function distinctCalls(records: readonly CdrFields[], nameOf: (record: CdrFields) => string | null): Counts {
  const calls = new Map<string, Set<string>>()
  for (const record of records) {
    const name = nameOf(record)
    if (name === null) continue
    const known = calls.get(name) ?? new Set()
    calls.set(name, known.add(callOf(record)))
  }
  return new Map(Array.from(calls, ([name, { size }]) => [name, size]))
}
