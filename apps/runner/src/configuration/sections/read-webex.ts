import { deriveSchedule, type Terms } from '@cdrstream/core'
import type { PlainValue } from '../plain-value.ts'
import type { Problem } from '../problem.ts'
import { type ShapedWebex, webexSchema } from '../schema/webex-schema.ts'
import { foundAt } from '../shape-problems.ts'
import { checkAddresses } from './check-addresses.ts'
import { parseSection, type Section } from './section.ts'

export interface WebexConfiguration {
  /** Undefined if it depends on each org's region. */
  readonly baseUrl: string | undefined
  readonly tokenUrl: string | undefined
  /** Additional hosts, besides Webex's, that may receive tokens and secrets: `host` or `host:port`. */
  readonly allowedHosts: readonly string[]
  readonly terms: Terms
}

export function readWebex(plain: PlainValue): Section<WebexConfiguration> {
  const { value, problems } = parseSection(webexSchema, plain, ['webex'])
  const found = [...problems, ...checkAddresses(plain)]
  if (value === undefined) return { value, problems: found }
  const { baseUrl, tokenUrl, allowedHosts } = value
  const terms = termsOf(value)
  return {
    value: { baseUrl, tokenUrl, allowedHosts, terms },
    problems: [...found, ...checkTerms(terms, plain)],
  }
}

function termsOf({ pageSize, initialRequests, pageRequests, stream }: ShapedWebex): Terms {
  return {
    pageSize,
    initialRequests: { count: initialRequests.count, perMs: initialRequests.per },
    pageRequests: { count: pageRequests.count, perMs: pageRequests.per },
    stream: { settleMs: stream.settle, retentionMs: stream.retention, maxWindowMs: stream.maxWindow },
  }
}

function checkTerms(terms: Terms, plain: PlainValue): readonly Problem[] {
  const { settleMs, retentionMs } = terms.stream
  const { auditDueMs } = deriveSchedule(terms)
  if (auditDueMs > settleMs) return []
  // Otherwise, a window would expire before it is old enough to be audited.
  const leastMs = retentionMs - auditDueMs + settleMs
  const path = ['webex', 'stream', 'retention']
  const expected = `more than ${leastMs} ms with this settle, maxWindow and initialRequests`
  return [{ path, part: 'value', message: `expected ${expected}, found ${foundAt(path, plain)}` }]
}
