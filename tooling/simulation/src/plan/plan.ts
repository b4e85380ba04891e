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

/** All that a seed decides. */
export interface Plan {
  /** What is special about this world, for the report of a failure. */
  readonly features: readonly string[]
  readonly startMs: number
  readonly forMs: number
  readonly mode: RunMode
  readonly api: ApiPlan
  readonly orgs: readonly PlannedOrg[]
  readonly mix: RecordMix
  readonly longestDelayMs: number
  readonly journal: JournalPlan
  readonly sinks: readonly PlannedSink[]
  readonly clock: ClockPlan
  /** When the process ends as planned, in order of time. */
  readonly breaks: readonly Break[]
  /** A record of the first org whose Start time moves to another day when it is revised. */
  readonly revision: PlannedRevision | null
  /** What happens to a sink's rows while the process lives. */
  readonly emptyings: readonly Emptying[]
  /** Sinks that are set back to an older state. */
  readonly setBacks: readonly SetBack[]
  readonly promises: Promises
}

type RunMode = { readonly kind: 'continuous' } | { readonly kind: 'once'; readonly everyMs: number }

export interface ApiPlan {
  /** What the API holds its users to. */
  readonly terms: SimulatorTerms
  /** What the collector was configured with: more than the API gives, or the same. */
  readonly configured: SimulatorTerms
  readonly pageSize: number
  readonly reachMs: number
  readonly behaviour: Behaviour
  readonly faults: FaultShares
  /** After the beginning. */
  readonly outages: readonly Span[]
  readonly refusals: readonly PlannedRefusal[]
  /** Seconds of insertion time that no window may hold. */
  readonly unserved: readonly PlannedUnserved[]
  /** Access tokens live so long; null: for ever, and they are configured as they are. */
  readonly tokenMs: number | null
}

/** Times after the beginning, in milliseconds. */
export interface Span {
  readonly fromMs: number
  readonly toMs: number
}

/** Every request of the first org is refused. */
export interface PlannedRefusal extends Span {
  readonly reason: RefusalReason
}

/** Of the first org. */
export interface PlannedUnserved extends Span {
  readonly as: UnservedAs
}

export interface PlannedOrg {
  readonly name: string
  readonly credential: string
  readonly recordsPerMinute: (atMs: number) => number
  /** Configured from the beginning. */
  readonly isThere: boolean
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
  readonly isThere: boolean
  readonly troubles: SinkTroubles
}

export interface ClockPlan {
  readonly aheadMs: number
  /** In millionths. */
  readonly driftPpm: number
}

/** The process ends, something happens, and another one starts. */
export interface Break {
  /** After the beginning. */
  readonly atMs: number
  readonly how: 'kill' | 'stop'
  readonly downMs: number
  readonly journal?: 'back-up' | 'restore' | 'replace' | 'crash-image'
  /** The clock of the next processes. */
  readonly aheadMs?: number
  readonly reboots?: true
  readonly change?: Change
}

export interface Change {
  readonly kind: 'sink-in' | 'sink-out' | 'sink-renamed' | 'org-in' | 'org-out' | 'org-renamed'
  readonly name: string
}

/** When it is inserted first, and when it is revised, after the beginning. */
interface PlannedRevision {
  readonly firstMs: number
  readonly laterMs: number
}

export interface Emptying {
  readonly atMs: number
  readonly sink: string
  /** `YYYY-MM`; null: all of it. */
  readonly month: string | null
}

export interface SetBack {
  readonly sink: string
  readonly savedMs: number
  readonly restoredMs: number
}

/** What the oracle may expect of this world. */
interface Promises {
  /** Records that become visible long after their insertion are found. */
  readonly lateVisible: boolean
  /**
   * Where records may expire before they can be read, so that a gap is in order; times after the beginning.
   */
  readonly mayExpire: readonly Span[]
}
