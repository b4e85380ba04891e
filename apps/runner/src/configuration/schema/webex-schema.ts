import { defaultTerms, type RateTerm, type StreamTerms } from '@cdrstream/core'
import type { z } from 'zod'
import { durationText } from './duration-text.ts'
import { duration, host, httpsUrl, list, mapping, path, wholeNumber } from './leaf.ts'

const minuteMs = 60_000
const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs

/** The documented terms of `cdr_feed` (API facts, section 3). */
const feedTerms: StreamTerms = { settleMs: 5 * minuteMs, retentionMs: 30 * dayMs, maxWindowMs: 12 * hourMs }

const rate = ({ count, perMs }: RateTerm) =>
  mapping('{ count, per }', {
    count: wholeNumber(1, 10_000).describe('How many requests are allowed.').prefault(count),
    per: duration('1ms').describe('The period.').prefault(durationText(perMs)),
  }).prefault({})

const endpoint = ({ settleMs, retentionMs, maxWindowMs }: StreamTerms) =>
  mapping('{ settle, retention, maxWindow }', {
    settle: duration('0s')
      .describe('How old a second must be before it can be read.')
      .prefault(durationText(settleMs)),
    retention: duration('1s').describe('How long a record can be read.').prefault(durationText(retentionMs)),
    // Windows are whole seconds.
    maxWindow: duration('1s')
      .describe('The longest window of one request.')
      .prefault(durationText(maxWindowMs)),
  }).prefault({})

export const webexSchema = mapping('a mapping', {
  baseUrl: httpsUrl
    .describe(
      'The URL of the API: a Webex Calling host, one of `allowedHosts`, or loopback. Default: by region.',
    )
    .optional(),
  tokenUrl: httpsUrl
    .describe(
      'Where access tokens come from: a Webex host, one of `allowedHosts`, or loopback. Default: the token endpoint of Webex, or of its government cloud for `region: gov`.',
    )
    .optional(),
  ca: path
    .describe(
      'A PEM file of additional trusted CA certificates, such as the CA of a TLS-inspecting proxy. Default: none.',
    )
    .optional(),
  allowedHosts: list('a list of hosts', host, 0, 1_000)
    .describe('Additional hosts, besides Webex hosts, that may receive tokens and secrets. Default: none.')
    .prefault([]),
  pageSize: wholeNumber(1, 5_000)
    .describe('The maximum number of records per page.')
    .prefault(defaultTerms.pageSize),
  initialRequests: rate(defaultTerms.initialRequests).describe(
    'The rate limit for initial requests, per credential.',
  ),
  pageRequests: rate(defaultTerms.pageRequests).describe(
    'The rate limit for requests for further pages, per credential.',
  ),
  stream: endpoint(defaultTerms.stream).describe('The terms of `cdr_stream`.'),
  feed: endpoint(feedTerms).describe('The terms of `cdr_feed`. Checked, and used by later versions.'),
}).prefault({})

export type ShapedWebex = z.output<typeof webexSchema>
