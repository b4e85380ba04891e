import type { SituationBook } from '../situations.ts'
import type { World } from '../world/world.ts'
import { checkCollection } from './check-collection.ts'
import { time } from './check-marks.ts'
import { checkReadersView } from './check-readers-view.ts'
import { emptyJournalBytes } from './empty-journal-bytes.ts'

/** How many page bodies the engine can hold in memory at once, across all orgs. */
const maxBodies = 2
/** The space for a remembered key: an entry of 48 bytes, in pages that are not full. */
const keyBytes = 64
/** How much can be added to a journal after it was last pruned. */
const lastPagesBytes = 50_000

/** Compares the final state of a world with the truth. */
export async function checkWorld(world: World, situations: SituationBook): Promise<void> {
  const { plan, book, names, findings, simulator, places } = world
  const { behaviour, terms } = plan.api
  await world.life.checkConservation()
  checkCollection({
    ledger: simulator.ledger,
    book,
    findings,
    progress: await world.progress(),
    behaviour,
    settleMs: terms.settleMs,
    lateVisible: plan.promises.lateVisible,
    mayExpire: plan.promises.mayExpire.map((span) => ({
      // Gaps are whole seconds of the server's clock.
      fromMs: plan.startMs + span.fromMs + Math.floor(behaviour.dateSkewMs / 1_000) * 1_000,
      toMs: plan.startMs + span.toMs + Math.ceil(behaviour.dateSkewMs / 1_000) * 1_000,
    })),
    promisedSinceMs: plan.startMs + behaviour.dateSkewMs - plan.api.reachMs,
    unreadInCopy: world.life.unreadInCopy,
    rememberMs: plan.journal.limits.rememberMs,
  })
  const forgetsKeys = plan.journal.limits.rememberMs !== undefined
  for (const place of places.values()) {
    const recordings = place.name === undefined ? undefined : await world.recordings(place.name)
    if (recordings === undefined) continue
    if (recordings.quarantined.size > 0) situations.happened('quarantined')
    checkReadersView(place, recordings, { book, names, findings, forgetsKeys })
  }
  await checkOrigins(world)
  for (const { kind, credential, atMs } of simulator.rateViolations()) {
    findings.add('rate-limit', `${kind} request of ${credential} at ${time(atMs)}`)
  }
  await checkSize(world)
  if (world.bodies.max > maxBodies) findings.add('bodies-in-memory', String(world.bodies.max))
  recordSituations(world, situations)
}

/**
 * Checks that the journal stays within its limit. It can exceed the limit by the size of its empty tables
 * plus the keys that it remembers and a quarter of the limit for records, and by the last pages.
 */
async function checkSize(world: World): Promise<void> {
  const { plan, findings, book } = world
  const { maxBytes } = plan.journal.limits
  if (maxBytes === undefined) return
  const { bytes } = await world.inspect()
  const usedBytes = bytes.used
  const keys = new Set(book.acceptances.map(({ org, key }) => `${org}|${key}`)).size
  const emptyBytes = await emptyJournalBytes()
  const allowedBytes = Math.max(maxBytes, emptyBytes + keys * keyBytes + maxBytes / 4) + lastPagesBytes
  if (usedBytes > allowedBytes) findings.add('journal-size', `${usedBytes} bytes, allowed ${allowedBytes}`)
}

/** Checks that the first start reaches back as far as configured, regardless of the process's clock. */
async function checkOrigins(world: World): Promise<void> {
  const { plan, book, findings, observer } = world
  if (book.losses > 0) return
  const { reachMs, behaviour } = plan.api
  for (const [org, { originSec }] of await world.progress()) {
    if (plan.orgs.find(({ name }) => name === org)?.isInitial !== true) continue
    // Before the server's time is known, a restart of the process may have changed the clock.
    const isSteady = plan.breaks.every(({ aheadMs }) => aheadMs === undefined)
    const known = isSteady ? observer.firstCommitMs : observer.firstPageMs
    const startMs = known.get(org) ?? plan.startMs
    const latestMs = startMs + behaviour.dateSkewMs - reachMs + 5_000
    if (originSec * 1_000 > latestMs)
      findings.add('origin-late', `${org} begins at ${time(originSec * 1_000)} instead of ${time(latestMs)}`)
  }
}

function recordSituations({ plan, book, simulator, configuration }: World, situations: SituationBook): void {
  const { api, orgs } = plan
  if (configuration.orgs.size > 2) situations.happened('many-orgs')
  if (orgs.some(({ credential }) => credential === 'shared')) situations.happened('shared-credential')
  if (api.behaviour.bounds === 'milliseconds') situations.happened('bounds-in-milliseconds')
  if (api.behaviour.resumeTime === 'absent') situations.happened('resume-time-missing')
  if (api.behaviour.agedLink === 'answered') situations.happened('aged-link-answered')
  if (api.behaviour.resumeTime === 'window-end') situations.happened('resume-time-at-window-end')
  if (api.behaviour.emptyPageShare > 0) situations.happened('empty-page-with-link')
  if (api.configured !== api.terms) situations.happened('terms-tighter-than-configured')
  for (const { as } of api.unserved)
    situations.happened(as === 'endless' ? 'chain-endless' : 'second-unserved')
  if (plan.sinks.some(({ waitMs }) => waitMs > 0)) situations.happened('sink-waited-for-more')
  if (simulator.ledger.tokenRequests.length > 1) situations.happened('token-renewed')
  const contents = new Set<string>()
  const keys = new Set<string>()
  for (const { org, key, content } of book.acceptances) {
    if (contents.has(`${org}|${content}`)) situations.happened('key-forgotten')
    else if (keys.has(`${org}|${key}`)) situations.happened('revision-superseded')
    contents.add(`${org}|${content}`)
    keys.add(`${org}|${key}`)
  }
  for (const { insertionMs, availableMs, shownMs } of simulator.ledger.entries.values()) {
    const isLate = availableMs > insertionMs + api.terms.settleMs && shownMs !== null
    if (isLate && plan.promises.lateVisible) situations.happened('late-record-audited')
  }
}
