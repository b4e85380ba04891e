import type { Terms } from '@cdrstream/core'
import type { ShapedConfiguration } from './configuration-schema.ts'

/** The terms of the API in the form that core works with. */
export function termsOf(webex: ShapedConfiguration['webex']): Terms {
  const { pageSize, initialRequests, pageRequests, stream } = webex
  return {
    pageSize,
    initialRequests: { count: initialRequests.count, perMs: initialRequests.per },
    pageRequests: { count: pageRequests.count, perMs: pageRequests.per },
    stream: { settleMs: stream.settle, retentionMs: stream.retention, maxWindowMs: stream.maxWindow },
  }
}
