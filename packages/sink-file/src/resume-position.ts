import { join } from 'node:path'
import type { Position } from '@cdrstream/plugin'
import { SinkFault } from '@cdrstream/sink-kit'
import type { Layout } from './layout.ts'
import { positionIn, type SinkState, stateName } from './sink-state.ts'
import { type PublishedSurvey, surveyPublished } from './survey-published.ts'

/** Where a sink continues after it is opened. */
export interface Resumed {
  readonly position: Position | null
  /**
   * - `stored`: the position of the state
   * - `behind`: the position of the state, although the journal has recorded a later one; nothing in the
   *   directory contradicts the state
   * - `acknowledged`: the position that the journal has recorded, because the state is missing or older than
   *   the published files
   */
  readonly by: 'stored' | 'behind' | 'acknowledged'
}

/**
 * Decides where the sink continues. Everything that the journal has recorded was published, so a state with
 * an earlier position was lost or restored from an older backup. The names of the published files show which.
 * Throws a `SinkFault` if a record could be published twice or never.
 */
export async function resumePosition(
  state: SinkState | null,
  acknowledged: Position | null,
  layout: Layout,
): Promise<Resumed> {
  if (acknowledged === null) return { position: state?.position ?? null, by: 'stored' }
  const stored = positionIn(state, acknowledged.incarnation)
  if (stored !== undefined && stored.offset >= acknowledged.offset) return { position: stored, by: 'stored' }

  const survey = await surveyPublished(layout, acknowledged.incarnation)
  refuseLaterFiles(survey, acknowledged, layout)
  const isOutdated = survey.last !== undefined && survey.last.toOffset > (stored?.offset ?? -1)
  if (isOutdated) return { position: acknowledged, by: 'acknowledged' }
  // The whole directory is older than the journal, or all records after the last file went to quarantine.
  if (stored !== undefined) return { position: stored, by: 'behind' }
  if (state !== null) return { position: state.position, by: 'stored' }
  if (!survey.isUsed || acknowledged.offset === 0) return { position: null, by: 'stored' }
  if (survey.hasOthers) {
    throw new SinkFault(
      'state-missing',
      `restore ${join(layout.work, stateName)} from a backup, or choose an empty directory to have all ` +
        `records written again: ${layout.directory} has only files of a different journal`,
    )
  }
  return { position: acknowledged, by: 'acknowledged' }
}

/**
 * Throws a `SinkFault` if a file of this journal has records after `position`, which would be published
 * again.
 */
export function refuseLaterFiles({ last }: PublishedSurvey, position: Position, layout: Layout): void {
  if (last === undefined || last.toOffset <= position.offset) return
  throw new SinkFault(
    'state-missing',
    `restore the latest ${join(layout.work, stateName)} from a backup, or move the files with records after ` +
      `${position.offset}, such as ${last.path}, out of ${layout.directory} to have these records written again`,
  )
}
