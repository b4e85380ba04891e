import type { JournalRequest } from '@cdrstream/journal-sqlite'
import { type ReloadResult, reloadSentence } from '../reload/reload-result.ts'
import { done, type ExecutorMeans, type RequestStep, refused } from './request-step.ts'

/** The reloads of this process, by request; undefined while one is running. */
export type BegunReloads = Map<number, ReloadResult | undefined>

export async function carryOutReload(
  { id, state }: JournalRequest,
  { journal, reload }: ExecutorMeans,
  begun: BegunReloads,
): Promise<RequestStep> {
  if (reload === undefined) {
    return refused('not-reloadable', 'this process reads its configuration only when it starts')
  }
  if (!begun.has(id)) {
    if (state === 'running') {
      return done('restarted', 'the collector was restarted meanwhile, and has read the configuration')
    }
    await journal.changeRequest(id, { state: 'running', progress: {} })
    begun.set(id, undefined)
    // A sink that hangs can delay it, and other requests should not wait for that.
    void reload().then((result) => begun.set(id, result))
    return { state: 'running', moved: true }
  }
  const result = begun.get(id)
  if (result === undefined) return { state: 'running', moved: false }
  begun.delete(id)
  return finished(result)
}

function finished(result: ReloadResult): RequestStep {
  switch (result.kind) {
    case 'reloaded':
      return done('reloaded', reloadSentence(result.difference), { ...result.difference })
    case 'refused': {
      const [first = '', ...others] = result.lines
      const message = others.length === 0 ? first : `${first} (and ${others.length} more)`
      return refused('configuration-refused', message, { problems: result.lines })
    }
    case 'stopping':
      return refused('stopping', 'the collector is stopping; it reads the configuration when it starts again')
  }
}
