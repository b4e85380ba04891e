import type { Opened, Position } from '@cdrstream/plugin'
import type { SinkSetup } from './engine-options.ts'
import type { Journal } from './ports/index.ts'

export interface SinkStart {
  readonly position: Position
  /**
   * - `stored`: where the sink had got to
   * - `new`: the sink was never seen before
   * - `foreign`: its position is of another journal, or of one that was restored: all that is kept is sent again
   */
  readonly reason: 'stored' | 'new' | 'foreign'
}

/** Where delivery to a sink goes on. */
export async function sinkStart(setup: SinkSetup, opened: Opened, journal: Journal): Promise<SinkStart> {
  const remembered = await journal.sinkPosition(setup.name)
  const stored = setup.traits.idempotence === 'position' ? (opened.position ?? undefined) : remembered
  if (stored === undefined)
    return { position: await firstPosition(setup, remembered, journal), reason: 'new' }
  if (await journal.owns(stored)) return { position: stored, reason: 'stored' }
  return { position: await journal.start(), reason: 'foreign' }
}

async function firstPosition(
  setup: SinkSetup,
  remembered: Position | undefined,
  journal: Journal,
): Promise<Position> {
  if (setup.from === 'earliest') return journal.start()
  // "Now" was when the sink was first seen, not when a crash made it begin again.
  return setup.from === 'now' ? (remembered ?? journal.end()) : journal.positionAt(setup.from)
}
