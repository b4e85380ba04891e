import { completeMark, lostMark, type Progress } from '@cdrstream/core'
import type { Mark } from '@cdrstream/plugin'
import type { MissingRecords } from './ports/index.ts'

interface Posted {
  readonly progress: Progress
  readonly offset: number
}

/** The part of the journal that a sink has. */
export interface SinkShare {
  /** The sink has everything up to this offset, apart from what is missing. */
  readonly offset: number
  /** Records accepted at or after this time are intended for the sink; null for all records. */
  readonly firstMs: number | null
  readonly missing: readonly MissingRecords[]
}

/**
 * How far each org was collected, and where the journal ended at that time: a sink that has everything up to
 * that point can publish a mark.
 */
export class MarkBoard {
  readonly #posted = new Map<string, Posted>()
  readonly #retentionMs: number
  #version = 0

  constructor(retentionMs: number) {
    this.#retentionMs = retentionMs
  }

  /** A number that changes whenever something is posted. */
  get version(): number {
    return this.#version
  }

  post(org: string, progress: Progress, offset: number): void {
    this.#posted.set(org, { progress, offset })
    this.#version += 1
  }

  /** Forgets what was posted for an org, such as one that was renamed. */
  forget(org: string): void {
    this.#posted.delete(org)
  }

  /** The orgs for which something was posted. */
  get orgs(): readonly string[] {
    return [...this.#posted.keys()]
  }

  /**
   * Returns the marks of a sink that lost data and will be refilled: everything since the loss is missing.
   */
  marksOfEmptied({ missing, firstMs }: Omit<SinkShare, 'offset'>, sinceMs: number | null): readonly Mark[] {
    const lost = { org: null, fromMs: sinceMs, toMs: Number.POSITIVE_INFINITY, reason: 'lost' } as const
    const share = { firstMs, offset: Number.POSITIVE_INFINITY, missing: [...missing, lost] }
    return [...this.#posted].map(
      ([org, posted]) => this.#markOf(org, posted, share) ?? lostMark({ org, firstMs, ...posted }),
    )
  }

  /** Returns the marks that are valid for this sink. */
  marksFor(share: SinkShare): readonly Mark[] {
    return [...this.#posted].flatMap(([org, posted]) => this.#markOf(org, posted, share) ?? [])
  }

  #markOf(org: string, { progress, offset }: Posted, share: SinkShare): Mark | undefined {
    if (offset > share.offset) return undefined
    const { firstMs, missing } = share
    return completeMark({ org, progress, firstMs, missing, retentionMs: this.#retentionMs })
  }
}
