import type { RefusalReason } from './simulator-options.ts'
import type { TimeLine } from './time-line.ts'
import type { UnservedSpan } from './unserved-spans.ts'

/** An org as the API sees it. */
export interface Tenant {
  readonly name: string
  readonly timeLine: TimeLine
  readonly credential: string | null
  token: string | null
  refuse: RefusalReason
  unserved: readonly UnservedSpan[]
  route: (host: string) => string | null
}
