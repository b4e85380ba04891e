import type { Position } from '@cdrstream/plugin'
import { ROOT_CONTEXT, SpanKind, SpanStatusCode } from '@opentelemetry/api'
import { tracer } from './page-trace.ts'
import type { PageTraces } from './page-traces.ts'
import type { Clock } from './ports/index.ts'
import { telemetry } from './telemetry.ts'

interface WrittenBatch {
  readonly records: readonly unknown[]
  readonly from: Position
  readonly to: Position
}

/** Measures and traces a write to a sink. Returns a function to call with its outcome. */
export function observeWrite(
  sink: string,
  { records, from, to }: WrittenBatch,
  { pages, clock }: { readonly pages: PageTraces | undefined; readonly clock: Clock },
): (outcome: { readonly kind: string }) => void {
  const startMs = clock.nowMs()
  const links = pages?.of(from.offset, to.offset).map((context) => ({ context })) ?? []
  const attributes = { 'cdrstream.sink': sink, 'cdrstream.batch.records': records.length }
  const span = tracer().startSpan('write batch', { kind: SpanKind.PRODUCER, links, attributes }, ROOT_CONTEXT)
  return ({ kind: outcome }) => {
    telemetry.batchSize.record(records.length, { sink })
    telemetry.writeDuration.record((clock.nowMs() - startMs) / 1_000, { sink, outcome })
    span.setAttribute('cdrstream.write.outcome', outcome)
    if (outcome !== 'accepted') span.setStatus({ code: SpanStatusCode.ERROR, message: outcome })
    span.end()
  }
}
