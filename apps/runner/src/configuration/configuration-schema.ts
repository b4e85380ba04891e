import { defaultTerms, type RateTerm, type StreamTerms } from '@cdrstream/core'
import type { z } from 'zod'
import {
  address,
  duration,
  instant,
  leaf,
  list,
  mapping,
  name,
  oneOf,
  path,
  size,
  token,
  wholeNumber,
} from './leaf.ts'

const minuteMs = 60_000
const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs

/** What Cisco documents for `cdr_feed` (API facts, section 3). */
const feedTerms: StreamTerms = { settleMs: 5 * minuteMs, retentionMs: 30 * dayMs, maxWindowMs: 12 * hourMs }

const rate = ({ count, perMs }: RateTerm) =>
  mapping('{ count, per }', {
    count: wholeNumber(1, 10_000).default(count),
    per: duration('1ms').default(perMs),
  }).prefault({})

const endpoint = ({ settleMs, retentionMs, maxWindowMs }: StreamTerms) =>
  mapping('{ settle, retention, maxWindow }', {
    settle: duration('0s').default(settleMs),
    retention: duration('1s').default(retentionMs),
    // Windows are whole seconds.
    maxWindow: duration('1s').default(maxWindowMs),
  }).prefault({})

/** Which of these keys may stand together is for `checkAuth`. */
const authSchema = mapping('{ accessToken } or { clientId, clientSecret, refreshToken }', {
  accessToken: token.optional(),
  clientId: token.optional(),
  clientSecret: token.optional(),
  refreshToken: token.optional(),
})

/** A name with a comma cannot be told from two names in the request (API facts, section 3). */
const location = leaf('the name of a location, without commas and control characters', (value) =>
  typeof value === 'string' && value.trim() !== '' && /^[^,\p{Cc}\p{Cs}]{1,1000}$/u.test(value)
    ? value
    : undefined,
)

const host = leaf('a host, or host:port', (value) =>
  typeof value === 'string' && /^[A-Za-z0-9.-]{1,253}(:\d{1,5})?$/.test(value)
    ? value.toLowerCase()
    : undefined,
)

const orgSchema = mapping('an org: { name, auth }', {
  name,
  formerly: name.optional(),
  auth: authSchema,
  region: oneOf(['auto', 'us', 'eu', 'in', 'au', 'gov']).default('auto'),
  locations: list('up to 10 names of locations', location, 0, 10).default([]),
  start: duration('1s').optional(),
})

/** Its keys are for others to check. */
const anyMapping = leaf('a mapping', (value) =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined,
)

const sinkSchema = mapping('a sink: { name, use, options }', {
  name,
  use: path,
  from: instant.default('earliest'),
  /** What may stand in it is for `readFieldPolicy`. */
  fields: anyMapping.optional(),
  options: anyMapping.prefault({}),
})

/** The shape of a configuration, its forms and its defaults (docs/configuration.md). */
export const configurationSchema = mapping('a mapping with orgs, journal and sinks', {
  orgs: list('a list of at least one org', orgSchema, 1, 100_000),
  journal: mapping('{ path }', {
    path,
    keep: duration('1s').default(31 * dayMs),
    maxBytes: size.default(20e9),
    minFreeDisk: size.default(512e6),
  }),
  sinks: list('a list of at least one sink', sinkSchema, 1, 1_000),
  webex: mapping('a mapping', {
    baseUrl: address.optional(),
    tokenUrl: address.optional(),
    ca: path.optional(),
    allowedHosts: list('a list of hosts', host, 0, 1_000).default([]),
    pageSize: wholeNumber(1, 5_000).default(defaultTerms.pageSize),
    initialRequests: rate(defaultTerms.initialRequests),
    pageRequests: rate(defaultTerms.pageRequests),
    stream: endpoint(defaultTerms.stream),
    feed: endpoint(feedTerms),
  }).prefault({}),
})

export type ShapedConfiguration = z.output<typeof configurationSchema>
