import {
  acceptRecords,
  applyEvent,
  cdrRecord,
  countRepeated,
  firstProgress,
  type IdentifiedItem,
  type Item,
  identifyItem,
  nextStep,
  orgState,
  type Revision,
  type Terms,
  type WholeMs,
  wholeMs,
} from '@cdrstream/core'
import { budgetAfter, reserveSlot, unusedBudget } from '@cdrstream/core/budget'
import type { Answer } from '@cdrstream/engine'
import { createNodePlatform } from '@cdrstream/engine/node'
import type { CdrRecord } from '@cdrstream/plugin'
import { createFixedSignIn, createWebexSource } from '@cdrstream/source-webex'
import { eventOf } from './take-answer.ts'

export interface ReadCallsOptions {
  /** The org that the records belong to. */
  readonly org: string
  readonly baseUrl: string
  /**
   * A token that is not renewed. `createRenewingSignIn` accepts the refresh token of an integration or
   * service app.
   */
  readonly accessToken: string
  readonly terms: Terms
  /** How far back to start, in milliseconds. */
  readonly reachMs: number
}

const { clock, digest, newId } = createNodePlatform()
const utf8 = new TextDecoder()
const identify = (item: Item): IdentifiedItem => identifyItem(item, digest)
/** The longest sleep between two decisions. */
const longestWaitMs = 60_000

/**
 * Yields every revision of an org's records once, until the signal is aborted. Core makes the decisions and
 * the source sends the requests, so only this loop remains. It keeps its state in memory, so it starts over
 * when it is called again.
 */
export async function* readCalls(options: ReadCallsOptions, signal: AbortSignal): AsyncGenerator<CdrRecord> {
  const { terms, reachMs, baseUrl, accessToken, org } = options
  const signIn = createFixedSignIn({ reveal: () => accessToken }, clock)
  const source = createWebexSource({ baseUrl, signIn, clock })
  const startMs = clock.nowMs()
  const known = new Map<string, readonly Revision[]>()
  let state = orgState(firstProgress(reachMs, terms, startMs), startMs)
  let budget = unusedBudget
  let fingerprintsBefore: readonly string[] = []

  while (!signal.aborted) {
    const nowMs = clock.nowMs()
    const step = nextStep(state, budget, terms, nowMs)
    if (step.kind === 'wait') {
      await clock.sleep(Math.ceil(Math.min(step.untilMs - nowMs, longestWaitMs)), signal)
      continue
    }
    const prepared = await source.prepare(signal)
    if (signal.aborted) return
    if (prepared.kind !== 'ready') throw new Error(`not signed in: ${prepared.detail}`)
    const slot = newId()
    budget = reserveSlot(budget, step.kind === 'ask' ? 'initial' : 'page', slot, terms, nowMs) ?? budget
    if (step.kind === 'ask') {
      state = applyEvent(state, { ...step, kind: 'asked' }, terms, nowMs)
      fingerprintsBefore = []
    }
    const answer: Answer<IdentifiedItem> = await prepared.send(
      step.kind === 'ask'
        ? { kind: 'initial', window: step.window, max: terms.pageSize }
        : { kind: 'page', link: step.link },
      identify,
      signal,
    )
    const answeredMs = clock.nowMs()
    budget = budgetAfter(budget, slot, answer, terms, answeredMs)
    if (answer.kind === 'refused' && answer.reason !== 'window')
      throw new Error(`Webex refused the request: ${answer.reason}`)
    if (answer.kind === 'page') {
      for (const record of newRecords(answer.items, known, org, wholeMs(answeredMs))) yield record
    }
    const fingerprints = answer.kind === 'page' ? answer.items.map(({ fingerprint }) => fingerprint) : []
    const repeated = countRepeated(fingerprintsBefore, fingerprints)
    fingerprintsBefore = fingerprints
    state = applyEvent(state, eventOf(answer, repeated, nowMs), terms, answeredMs)
  }
}

/** Returns the new records on a page, and adds them to `known`. */
function newRecords(
  items: readonly IdentifiedItem[],
  known: Map<string, readonly Revision[]>,
  org: string,
  acceptedAtMs: WholeMs,
): readonly CdrRecord[] {
  const records = items.filter((item) => item.kind === 'record')
  return acceptRecords(records, known, 'stream', acceptedAtMs).map((record) => {
    const { key, fingerprint, rank, home, source, bytes } = record
    known.set(key, [...(known.get(key) ?? []), { fingerprint, rank, home }])
    return cdrRecord({ org, key, rank, home, acceptedAtMs, source, text: utf8.decode(bytes) })
  })
}
