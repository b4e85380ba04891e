import type { DeliveryEnd } from '@cdrstream/core'
import type { ChangeEnd, EngineChange } from './change-queue.ts'
import type { CollectEnd } from './collect-options.ts'
import type { CredentialLanes } from './credential-lanes.ts'
import type { EngineOptions, OrgSetup, SinkSetup } from './engine-options.ts'
import { type LoopSet, setupDifference } from './loop-set.ts'
import type { MarkBoard } from './mark-board.ts'
import { repostProgress } from './post-known-progress.ts'
import { retryUntilDone } from './retry-until-done.ts'
import { ControlBox } from './sink-control.ts'

/** A running engine's loops and the state they share. */
export interface RunningLoops {
  readonly options: Pick<EngineOptions, 'journal' | 'platform' | 'log'>
  readonly orgs: LoopSet<OrgSetup, CollectEnd>
  readonly sinks: LoopSet<SinkSetup, DeliveryEnd>
  readonly lanes: CredentialLanes
  readonly marks: MarkBoard
  /** By sink name. A new sink is listed before it starts. */
  readonly controls: Map<string, ControlBox>
  /** Aborted when the engine stops; nothing can start after that. */
  readonly ending: AbortSignal
}

/**
 * Stops removed and changed loops, and then starts added and changed ones. Orgs do not wait for sinks,
 * because a sink that hangs takes ten seconds to stop. A sink starts only after all stopping sinks have
 * ended, because it might write to the same destination as one of them.
 */
export async function applyChange(change: EngineChange, running: RunningLoops): Promise<ChangeEnd> {
  const { options, orgs, sinks, lanes, marks, controls, ending } = running
  const orgChange = setupDifference(orgs.setups, change.orgs)
  const sinkChange = setupDifference(sinks.setups, change.sinks)
  for (const name of sinkChange.stopped) controls.delete(name)
  for (const { name } of sinkChange.started) controls.set(name, new ControlBox())
  const sinksStopped = sinks.stop(sinkChange.stopped)

  await untilAborted(orgs.stop(orgChange.stopped), ending)
  await retryUntilDone(async () => change.beforeStart?.(), options, ending)
  if (ending.aborted) return 'stopping'
  const added = lanes.missing(change.orgs)
  lanes.use(change.orgs)
  await retryUntilDone(() => lanes.recover(added), options, ending)
  await retryUntilDone(() => repostProgress(options.journal, orgChange.started, marks), options, ending)
  if (ending.aborted) return 'stopping'
  for (const org of orgChange.started) orgs.start(org)

  await untilAborted(sinksStopped, ending)
  if (ending.aborted) return 'stopping'
  for (const sink of sinkChange.started) sinks.start(sink)
  return 'applied'
}

/** Resolves when the work is done or the signal is aborted. */
async function untilAborted(work: Promise<void>, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return
  const { promise: aborted, resolve } = Promise.withResolvers<void>()
  const abort = () => resolve()
  signal.addEventListener('abort', abort)
  await Promise.race([work, aborted])
  signal.removeEventListener('abort', abort)
}
