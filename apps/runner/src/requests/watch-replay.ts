import type { JournalRequest, SqliteJournal } from '@cdrstream/journal-sqlite'
import type { Terminal } from '../terminal.ts'
import type { ReplayProgress } from './carry-out-replay.ts'
import { type ReplaySight, replayProgressLine } from './replay-progress-line.ts'

const lineEveryMs = 5_000

/** Shows the progress of a replay: redrawn in place on a terminal, otherwise one line per interval. */
export function watchReplay(
  sink: string,
  terminal: Pick<Terminal, 'outIsTerminal' | 'print' | 'erase'>,
  nowMs: () => number,
): { show(journal: SqliteJournal, request: JournalRequest): Promise<void> } {
  let first: ReplaySight | undefined
  let isDrawn = false
  let lineAtMs = Number.NEGATIVE_INFINITY
  return {
    async show(journal, { progress }) {
      const { after, toOffset, isRecorded } = progress as ReplayProgress
      const standing = await journal.sink(sink)
      if (!isRecorded || standing === undefined) return
      const total = toOffset - after.offset
      const isDone = standing.replayTo === undefined || standing.replayTo === null
      const done = isDone ? total : Math.max(0, standing.acknowledged.offset - after.offset)
      const now = { done: Math.min(done, total), total, atMs: nowMs() }
      first ??= now
      if (!terminal.outIsTerminal && now.atMs < lineAtMs + lineEveryMs) return
      lineAtMs = now.atMs
      if (terminal.outIsTerminal && isDrawn) terminal.erase(1)
      isDrawn = true
      terminal.print(`${replayProgressLine(first, now)}\n`)
    },
  }
}
