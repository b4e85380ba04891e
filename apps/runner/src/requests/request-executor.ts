import type { JournalRequest } from '@cdrstream/journal-sqlite'
import { dropQuarantined } from './carry-out-drop.ts'
import { type BegunReloads, carryOutReload } from './carry-out-reload.ts'
import { carryOutReplay } from './carry-out-replay.ts'
import { retryQuarantined } from './carry-out-retry.ts'
import { forgetSink, pauseSink, resumeSink } from './carry-out-sink.ts'
import { type OperatorRequest, readOperatorRequest } from './operator-request.ts'
import { type ExecutorMeans, type RequestStep, refused } from './request-step.ts'

/**
 * Carries out the requests that commands have written to the journal. Every step can be repeated, so the next
 * collector continues a request that was interrupted by a crash.
 */
export class RequestExecutor {
  readonly #means: ExecutorMeans
  /** Replays that the deliver loops have not recorded yet, by request id. */
  readonly #recording = new Map<number, Promise<unknown>>()

  readonly #reloads: BegunReloads = new Map()

  constructor(means: ExecutorMeans) {
    this.#means = means
  }

  /** Advances all open requests, or only one. Returns whether anything has changed. */
  async step(only?: number): Promise<boolean> {
    let moved = false
    for (const request of await this.#means.journal.openRequests()) {
      if (only !== undefined && request.id !== only) continue
      if (await this.#advance(request)) moved = true
    }
    return moved
  }

  async #advance(request: JournalRequest): Promise<boolean> {
    const { journal, log } = this.#means
    const wanted = readOperatorRequest(request.kind, request.arguments)
    const step: RequestStep =
      wanted === undefined
        ? refused('not-understood', 'this version of cdrstream does not support the request')
        : await this.#carryOut(wanted, request)
    if (step.state === 'running') return step.moved
    const { state, result } = step
    await journal.changeRequest(request.id, { state, result })
    const fields = { request: request.id, kind: request.kind, code: result.code, ...result.details }
    if (state === 'done') log.info('carried out a request', fields)
    else log.warn('refused a request', fields)
    return true
  }

  #carryOut(wanted: OperatorRequest, request: JournalRequest): Promise<RequestStep> {
    const means = this.#means
    switch (wanted.kind) {
      case 'sink-pause':
        return pauseSink(wanted, means)
      case 'sink-resume':
      case 'sink-retry':
        return resumeSink(wanted, means)
      case 'sink-forget':
        return forgetSink(wanted, request, means)
      case 'replay':
        return carryOutReplay(wanted, request, means, this.#recording)
      case 'reload':
        return carryOutReload(request, means, this.#reloads)
      case 'quarantine-retry':
        return retryQuarantined(wanted, request, means)
      case 'quarantine-drop':
        return dropQuarantined(wanted, request, means)
    }
  }
}
