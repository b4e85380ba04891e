import type { JournalRequest } from '@cdrstream/journal-sqlite'
import { showCount } from '../status/show-amount.ts'
import type { RequestOf } from './operator-request.ts'
import { done, type ExecutorMeans, type RequestStep } from './request-step.ts'

export async function dropQuarantined(
  { filter, throughId }: RequestOf<'quarantine-drop'>,
  { id, progress }: JournalRequest,
  { journal }: ExecutorMeans,
): Promise<RequestStep> {
  let { dropped = 0 } = (progress ?? {}) as { readonly dropped?: number }
  await journal.dropQuarantined(filter, throughId, {
    id,
    progress: (some) => {
      dropped += typeof some === 'number' ? some : 0
      return { dropped }
    },
  })
  const kept = await journal.countQuarantined(filter, throughId)
  const also =
    kept === 0
      ? ''
      : `; ${showCount(kept, 'item')} kept, because dropping records that their sink has not passed would deliver them`
  return done('dropped', `${showCount(dropped, 'item')} dropped${also}`, { dropped, kept })
}
