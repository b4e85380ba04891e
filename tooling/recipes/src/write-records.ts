import type { Call, CdrRecord, Logger, Position, SinkPlugin } from '@cdrstream/plugin'

const recordsOfBatch = 1_000
const quiet = () => {}
const log: Logger = { debug: quiet, info: quiet, warn: quiet, error: quiet }

/** Writes the records by the sink, as the engine would. Throws unless each of them was accepted. */
export async function writeRecords<Options>(
  plugin: SinkPlugin<Options>,
  given: unknown,
  records: readonly CdrRecord[],
): Promise<void> {
  const checked = await plugin.options['~standard'].validate(given)
  if (checked.issues !== undefined) throw new TypeError(JSON.stringify(checked.issues))
  const sink = plugin.create(checked.value, { name: 'recipes', baseDirectory: import.meta.dirname, log })
  const call: Call = { signal: AbortSignal.timeout(30_000) }
  try {
    assertKind('opened', await sink.open?.(call))
    for (let at = 0; at < records.length; at += recordsOfBatch) {
      const batch = records.slice(at, at + recordsOfBatch)
      const range = { from: positionOf(at), to: positionOf(at + batch.length) }
      assertKind('accepted', await sink.write({ records: batch, ...range }, call))
    }
    assertKind('accepted', await sink.flush?.(call))
  } finally {
    await sink.close?.(call)
  }
}

function positionOf(offset: number): Position {
  return { incarnation: 'recipes', offset, commit: offset === 0 ? '' : `commit-${offset}` }
}

interface Outcome {
  readonly kind: string
  readonly refused?: readonly unknown[]
  readonly again?: readonly unknown[]
}

function assertKind(kind: string, outcome: Outcome | undefined): void {
  if (outcome === undefined) return
  const { refused = [], again = [] } = outcome
  if (outcome.kind === kind && refused.length === 0 && again.length === 0) return
  throw new Error(`expected ${kind}`, { cause: outcome })
}
