import type {
  Call,
  CdrRecord,
  FlushOutcome,
  Logger,
  Mark,
  Position,
  SinkPlugin,
  WriteOutcome,
} from '@cdrstream/plugin'

const recordsOfBatch = 1_000
const quiet = () => {}
const log: Logger = { debug: quiet, info: quiet, warn: quiet, error: quiet }

/**
 * Writes the records with the sink and then sends the mark, as the engine would. Throws unless the sink
 * accepts every record.
 */
export async function writeRecords<Options>(
  plugin: SinkPlugin<Options>,
  given: unknown,
  records: readonly CdrRecord[],
  mark: Mark,
): Promise<void> {
  const checked = await plugin.options['~standard'].validate(given)
  if (checked.issues !== undefined) throw new TypeError(JSON.stringify(checked.issues))
  const sink = plugin.create(checked.value, { name: 'recipes', baseDirectory: import.meta.dirname, log })
  const call: Call = { signal: AbortSignal.timeout(30_000) }
  const opened = await sink.open({ ...call, acknowledged: null, owns: async () => true })
  if (opened.kind !== 'opened') throw new Error('expected the outcome "opened"', { cause: opened })
  const { session } = opened
  try {
    for (let at = 0; at < records.length; at += recordsOfBatch) {
      const batch = records.slice(at, at + recordsOfBatch)
      const range = { from: positionOf(at), to: positionOf(at + batch.length) }
      assertAccepted(await session.write({ records: batch, ...range }, call))
    }
    assertAccepted(await session.flush?.(call))
    await session.mark?.([mark], call)
  } finally {
    await session.close?.(call)
  }
}

function positionOf(offset: number): Position {
  return { incarnation: 'recipes', offset, commit: offset === 0 ? '' : `commit-${offset}` }
}

function assertAccepted(outcome: WriteOutcome | FlushOutcome | undefined): void {
  if (outcome === undefined) return
  const leftOut = 'refused' in outcome && (outcome.refused ?? []).length > 0
  const postponed = 'again' in outcome && (outcome.again ?? []).length > 0
  if (outcome.kind === 'accepted' && !leftOut && !postponed) return
  throw new Error('expected the outcome "accepted" for all records', { cause: outcome })
}
