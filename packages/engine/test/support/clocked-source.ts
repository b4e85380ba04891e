import { defaultTerms, type Span } from '@cdrstream/core'
import { ProcessClock, type VirtualTime } from '@cdrstream-internal/virtual-time'
import type { FailedAnswer, Source } from '../../src/ports/index.ts'

/** A source and a record of what was read from it. */
export interface ClockedSource {
  readonly source: Source
  /** The windows that were answered with a page. */
  readonly read: readonly Span[]
}

const { settleMs, retentionMs, maxWindowMs } = defaultTerms.stream

/**
 * Returns a source whose server has a correct clock: it refuses windows that its terms do not allow at that
 * time, and its responses show the time. `texts` returns the items of each page; if `answers` returns false,
 * the server does not answer. `processClock` is the clock of the requesting process.
 */
export function clockedSource(
  time: VirtualTime,
  processClock: ProcessClock,
  {
    texts = () => [],
    answers = () => true,
  }: { texts?: () => readonly string[]; answers?: () => boolean } = {},
): ClockedSource {
  const read: Span[] = []
  return {
    read,
    source: {
      prepare: async () => ({
        kind: 'ready',
        send: async (request, readItem) => {
          await new ProcessClock(time, () => false).sleep(500, new AbortController().signal)
          const answeredAtMs = processClock.nowMs()
          const serverDateMs = Math.floor(time.nowMs / 1_000) * 1_000
          const answered = { answeredAtMs, serverDateMs, trackingId: null }
          if (!answers()) return unreachable
          if (request.kind === 'initial') {
            if (!isAllowed(request.window, time.nowMs))
              return { ...answered, kind: 'refused', status: 400, reason: 'window', detail: '' }
            read.push(request.window)
          }
          const items = texts().map((text) =>
            readItem({
              kind: 'parsed' as const,
              text,
              bytes: Buffer.from(text),
              value: JSON.parse(text) as unknown,
            }),
          )
          return { ...answered, kind: 'page', items, next: null }
        },
      }),
    },
  }
}

const unreachable: FailedAnswer = {
  kind: 'failed',
  reason: 'unreachable',
  status: null,
  retryAfterMs: null,
  detail: '',
  answeredAtMs: null,
  serverDateMs: null,
  trackingId: null,
}

function isAllowed({ fromSec, toSec }: Span, nowMs: number): boolean {
  const [fromMs, toMs] = [fromSec * 1_000, toSec * 1_000]
  return fromMs >= nowMs - retentionMs && toMs <= nowMs - settleMs && toMs - fromMs <= maxWindowMs
}
