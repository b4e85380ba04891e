import { type AcceptedRecord, type Revision, type StoredRecord, wholeMs } from '@cdrstream/core'
import { type Budget, unusedBudget } from '@cdrstream/core/budget'
import type { Position } from '@cdrstream/plugin'
import type { Journal, QuarantineItem, ScopeProgress, SinkStanding } from '../../src/ports/index.ts'

/** The simplest journal that fulfills the contract, for engine tests. It outlives the engines that use it. */
export interface MemoryJournal extends Journal {
  readonly records: readonly StoredRecord[]
  readonly quarantine: readonly KeptItem[]
  append(org: string, records: readonly AcceptedRecord[]): Position
}

/** An item with its own copy of the text, because the memory of the page is released. */
interface KeptItem extends QuarantineItem {
  readonly text: string
}

/** Returns an empty journal. */
export function memoryJournal(incarnation = 'first'): MemoryJournal {
  const records: StoredRecord[] = []
  const quarantine: KeptItem[] = []
  const scopes = new Map<string, ScopeProgress>()
  const revisions = new Map<string, readonly Revision[]>()
  const budgets = new Map<string, Budget>()
  const sinks = new Map<string, SinkStanding>()
  let commits = 0
  const start: Position = { incarnation, offset: 0, commit: '' }
  const end = () => records.at(-1)?.position ?? start
  const budgetOf = (credential: string) => budgets.get(credential) ?? unusedBudget

  const quarantineOf = (name: string) => quarantine.filter(({ sink }) => sink === name)

  function standingOf(name: string): SinkStanding {
    const standing = sinks.get(name)
    if (standing === undefined) throw new Error(`the sink ${name} is not registered`)
    return standing
  }

  function append(org: string, accepted: readonly AcceptedRecord[]): Position {
    commits += 1
    for (const { fingerprint, bytes, ...record } of accepted) {
      const position = { incarnation, offset: records.length + 1, commit: `${incarnation}-${commits}` }
      records.push({ ...record, text: Buffer.from(bytes).toString(), org, position })
      const id = JSON.stringify([org, record.key])
      revisions.set(id, [...(revisions.get(id) ?? []), { fingerprint, rank: record.rank, home: record.home }])
    }
    return end()
  }

  return {
    incarnation,
    records,
    quarantine,
    append,
    progress: async (scope) => scopes.get(scope)?.progress,
    scopes: async () => [...scopes.values()],
    revisions: async (org, keys) =>
      new Map(
        keys.flatMap((key) => {
          const known = revisions.get(JSON.stringify([org, key]))
          return known === undefined ? [] : [[key, known]]
        }),
      ),
    commit: async (page) => {
      scopes.set(page.scope, { scope: page.scope, org: page.org, progress: page.progress })
      quarantine.push(...page.quarantined.map(kept))
      budgets.set(page.budget.credential, page.budget.change(budgetOf(page.budget.credential)))
      return append(page.org, page.records)
    },
    budget: async (credential) => budgetOf(credential),
    credentials: async () => [...budgets.keys()],
    changeBudget: async (credential, change) => {
      const changed = change(budgetOf(credential))
      if (changed !== undefined) budgets.set(credential, changed)
      return changed
    },
    start: async () => start,
    end: async () => end(),
    positionAt: async (atMs) => {
      const index = records.findIndex(({ acceptedAtMs }) => acceptedAtMs >= atMs)
      return index < 0 ? end() : (records[index - 1]?.position ?? start)
    },
    owns: async (position) => {
      if (position.incarnation !== incarnation) return false
      return position.offset === 0 || records[position.offset - 1]?.position.commit === position.commit
    },
    newestAcceptedAtMs: async () => {
      const newest = records.at(-1)?.acceptedAtMs
      return newest === undefined ? undefined : wholeMs(newest)
    },
    read: async (after, limit) => {
      const run: StoredRecord[] = []
      let bytes = 0
      for (const record of records.slice(after.offset, after.offset + limit.records)) {
        bytes += record.text.length
        if (run.length > 0 && bytes > limit.bytes) break
        run.push(record)
      }
      return { records: run, to: run.at(-1)?.position ?? after }
    },
    sink: async (name) => sinks.get(name),
    registerSink: async (name, first, nowMs) => {
      const newestMs = records.at(-1)?.acceptedAtMs
      const nextMs = newestMs === undefined ? nowMs : newestMs + 1
      const firstMs = first.offset === 0 ? null : (records[first.offset]?.acceptedAtMs ?? nextMs)
      if (!sinks.has(name)) sinks.set(name, { first, firstMs, acknowledged: first, witnesses: [] })
    },
    startSink: async (name, at) => {
      sinks.set(name, { ...standingOf(name), acknowledged: at })
    },
    rewindSink: async (name, after) => {
      const { acknowledged, replayTo, ...standing } = standingOf(name)
      const to = Math.max(acknowledged.offset, replayTo ?? 0)
      sinks.set(name, { ...standing, acknowledged: after, replayTo: to })
    },
    acknowledge: async (name, { through, refused = [], released = [], forgotten = [], witnesses = [] }) => {
      const standing = standingOf(name)
      const valid = standing.witnesses.filter(({ kind, span }) => {
        const isReplaced = kind === 'last' && witnesses.some((witness) => witness.span === span)
        return !isReplaced && !forgotten.includes(span)
      })
      sinks.set(name, {
        ...standing,
        acknowledged: through,
        witnesses: [...valid, ...witnesses],
      })
      const has = new Set(quarantineOf(name).map(({ record }) => record?.offset))
      quarantine.push(...refused.filter(({ record }) => !has.has(record?.offset)).map(kept))
      for (const offset of released) {
        const at = quarantine.findIndex((item) => item.sink === name && item.record?.offset === offset)
        if (at >= 0) quarantine.splice(at, 1)
      }
    },
    refusedAfter: async (name, offset) =>
      quarantineOf(name).flatMap(({ record }) =>
        record !== undefined && record.offset > offset ? [record.offset] : [],
      ),
    formerNames: async () => [],
    missing: async (name) =>
      quarantine
        .filter(({ sink }) => sink === name || sink === null)
        .map(({ org, atMs, record }) => {
          const acceptedMs = record?.acceptedAtMs ?? atMs
          return { org, fromMs: acceptedMs, toMs: acceptedMs, reason: 'refused' as const }
        }),
    prune: async () => ({ records: 0, sinkGaps: [] }),
    roomBytes: async () => 1e9,
    close: async () => {},
  }
}

function kept(item: QuarantineItem): KeptItem {
  return { ...item, text: typeof item.text === 'string' ? item.text : Buffer.from(item.text).toString() }
}
