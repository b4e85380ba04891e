import { existsSync } from 'node:fs'
import { coverageEdgeSec, type Progress, type Terms } from '@cdrstream/core'
import { JournalOpenError, openJournal, type SqliteJournal } from '@cdrstream/journal-sqlite'
import { requestsLeft } from '../status/read-status.ts'
import { coverageBar } from './coverage-bar.ts'
import type { DemoPicture } from './demo-picture.ts'

const barCells = 60

export type JournalSight = Omit<DemoPicture, 'elapsedMs' | 'forMs' | 'phase' | 'shown'>

const nothing: JournalSight = {
  inJournal: 0,
  inFiles: 0,
  freshnessSeconds: null,
  coverageBar: '',
  initialRequestsLeft: 0,
  pageRequestsLeft: 0,
}

/** Reads the running collector's journal, as `status` does. */
export class JournalWatch {
  readonly #path: string
  readonly #terms: Terms
  readonly #org: string
  #journal: SqliteJournal | undefined

  constructor(path: string, org: string, terms: Terms) {
    this.#path = path
    this.#org = org
    this.#terms = terms
  }

  async look(nowMs: number): Promise<JournalSight> {
    this.#journal ??= await this.#open()
    if (this.#journal === undefined) return nothing
    const { end, scopes, sinks } = await this.#journal.inspect()
    const budget = await this.#journal.budget(this.#org)
    return {
      inJournal: end.offset,
      inFiles: sinks[0]?.position.offset ?? 0,
      initialRequestsLeft: requestsLeft(budget, 'initial', this.#terms, nowMs),
      pageRequestsLeft: requestsLeft(budget, 'page', this.#terms, nowMs),
      ...this.#coverage(scopes[0]?.progress, nowMs),
    }
  }

  async close(): Promise<void> {
    await this.#journal?.close()
  }

  /** Undefined until the collector has created it. */
  async #open(): Promise<SqliteJournal | undefined> {
    if (!existsSync(this.#path)) return undefined
    try {
      return await openJournal({ path: this.#path, access: 'reader' })
    } catch (error) {
      if (error instanceof JournalOpenError) return undefined
      throw error
    }
  }

  #coverage(
    progress: Progress | undefined,
    nowMs: number,
  ): Pick<JournalSight, 'coverageBar' | 'freshnessSeconds'> {
    if (progress === undefined) return nothing
    const { coverage, originSec } = progress
    const nowSec = nowMs / 1_000
    const span = { fromSec: nowSec - this.#terms.stream.retentionMs / 1_000, toSec: nowSec }
    return {
      coverageBar: coverageBar(progress, span, barCells),
      freshnessSeconds: nowSec - coverageEdgeSec(coverage, originSec),
    }
  }
}
