import type {
  Behaviour,
  FaultShares,
  RecordMix,
  RefusalReason,
  SimulatorTerms,
  UnservedAs,
} from '@cdrstream/simulator'
import type { StoreKind } from '../sinks/sink-store.ts'
import type { SinkTroubles } from '../sinks/sink-troubles.ts'
import type { JournalLimits } from '../world/journal-place.ts'
import type { Unreliability } from '../world/unreliable.ts'

/** Everything that a seed determines. */
export interface Plan {
  /** The themes of this world, for failure reports. */
  readonly features: readonly string[]
  readonly startMs: number
  readonly durationMs: number
  readonly mode: RunMode
  readonly api: ApiPlan
  readonly orgs: readonly PlannedOrg[]
  readonly mix: RecordMix
  readonly longestDelayMs: number
  readonly journal: JournalPlan
  readonly sinks: readonly PlannedSink[]
  readonly clock: ClockPlan
  /** The planned interruptions of the process, in order. */
  readonly breaks: readonly Break[]
  /** A record of the first org whose revision moves its Start time to another day. */
  readonly revision: PlannedRevision | null
  /** Deletions of a sink's rows while the process is alive. */
  readonly emptyings: readonly Emptying[]
  /** Rollbacks of a sink to an older state. */
  readonly rollbacks: readonly Rollback[]
  readonly promises: Promises
}

type RunMode = { readonly kind: 'continuous' } | { readonly kind: 'once'; readonly everyMs: number }

export interface ApiPlan {
  /** The terms that the API enforces. */
  readonly terms: SimulatorTerms
  /** The terms configured in the collector: the same or more generous ones. */
  readonly configured: SimulatorTerms
  readonly pageSize: number
  readonly reachMs: number
  readonly behaviour: Behaviour
  readonly faults: FaultShares
  readonly outages: readonly Span[]
  readonly refusals: readonly PlannedRefusal[]
  /** Spans of insertion time that the API cannot serve. */
  readonly unserved: readonly PlannedUnserved[]
  /** The lifetime of access tokens in milliseconds; null if fixed tokens are configured. */
  readonly tokenMs: number | null
}

/** A span of time, in milliseconds after the start of the world. */
export interface Span {
  readonly fromMs: number
  readonly toMs: number
}

/** A span in which every request of the first org is refused. */
export interface PlannedRefusal extends Span {
  readonly reason: RefusalReason
}

/** A span of insertion time that the API cannot serve for the first org. */
export interface PlannedUnserved extends Span {
  readonly as: UnservedAs
}

export interface PlannedOrg {
  readonly name: string
  readonly credential: string
  readonly recordsPerMinute: (atMs: number) => number
  /** Whether the org is configured from the start. */
  readonly isInitial: boolean
}

export interface JournalPlan {
  readonly troubles: Unreliability
  readonly limits: JournalLimits
  readonly full: readonly Span[]
}

export interface PlannedSink {
  readonly name: string
  readonly store: StoreKind
  readonly from: 'earliest' | 'now'
  readonly waitMs: number
  /** Whether the sink is configured from the start. */
  readonly isInitial: boolean
  readonly troubles: SinkTroubles
}

export interface ClockPlan {
  /** How far the clock is ahead of real time, in milliseconds; negative: behind. */
  readonly aheadMs: number
  /** How much faster than real time the clock runs, in parts per million. */
  readonly driftPpm: number
}

/** A planned interruption: the process stops, something happens, and another process starts. */
export interface Break {
  /** In milliseconds after the start of the world. */
  readonly atMs: number
  readonly how: 'kill' | 'stop'
  readonly downMs: number
  readonly journal?: 'back-up' | 'restore' | 'replace' | 'crash-image'
  /** The new error of the machine's clock. */
  readonly aheadMs?: number
  readonly reboots?: true
  readonly change?: Change
}

export interface Change {
  readonly kind: 'sink-in' | 'sink-out' | 'sink-renamed' | 'org-in' | 'org-out' | 'org-renamed'
  readonly name: string
}

/** When the record is first inserted and when it is revised, in milliseconds after the start of the world. */
interface PlannedRevision {
  readonly firstMs: number
  readonly laterMs: number
}

export interface Emptying {
  readonly atMs: number
  readonly sink: string
  /** The month to delete (`YYYY-MM`); null for all rows. */
  readonly month: string | null
}

export interface Rollback {
  readonly sink: string
  readonly savedMs: number
  readonly restoredMs: number
}

/** The oracle's expectations of this world. */
interface Promises {
  /** Whether records that become visible long after their insertion must be found. */
  readonly lateVisible: boolean
  /** The spans in which records may expire before they can be read, so that a gap is acceptable. */
  readonly mayExpire: readonly Span[]
}
