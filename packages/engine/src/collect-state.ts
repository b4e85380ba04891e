import {
  applyEvent,
  type CollectEvent,
  correctOrigin,
  firstProgress,
  type OrgState,
  orgState,
  type Progress,
} from '@cdrstream/core'
import type { CollectOptions } from './collect-options.ts'

/** The state of one org, including pages that are being committed, and the progress that the journal has. */
export class CollectState {
  readonly #options: CollectOptions
  #state: OrgState
  /** The last progress that the journal is known to have. */
  #durable: Progress

  constructor(options: CollectOptions) {
    this.#options = options
    const nowMs = this.#nowMs()
    this.#durable = firstProgress(options.org.reachMs, options.terms, nowMs)
    this.#state = orgState(this.#durable, nowMs, options.orgsOfCredential())
  }

  /** The state after all applied events. */
  get current(): OrgState {
    return this.#state
  }

  /**
   * Reads the progress of the org from the journal, or stores its first progress. Returns whether the org is
   * new.
   */
  async start(): Promise<boolean> {
    const { journal, org, orgsOfCredential } = this.#options
    const progress = await journal.progress(org.scope)
    if (progress === undefined) {
      await this.#commitFirst()
      return true
    }
    this.#durable = progress
    this.#state = orgState(progress, this.#nowMs(), orgsOfCredential())
    return false
  }

  apply(event: CollectEvent): void {
    const { terms, platform } = this.#options
    this.#state = applyEvent(this.#state, event, terms, this.#nowMs(), platform.chance?.())
  }

  /** Notes how many orgs take turns with the credential, because others can come and go. */
  countOrgs(): void {
    const orgsOfCredential = this.#options.orgsOfCredential()
    if (orgsOfCredential !== this.#state.orgsOfCredential) this.#state = { ...this.#state, orgsOfCredential }
  }

  /** Records that the journal has stored this progress. */
  committed(progress: Progress): void {
    this.#durable = progress
  }

  /** Reloads what the journal has after it failed: a commit whose response was lost may have been made. */
  async reload(): Promise<void> {
    const { journal, org, terms } = this.#options
    try {
      this.#durable = (await journal.progress(org.scope)) ?? this.#durable
    } catch {
      // The previous progress is still valid: everything since then is read again.
    }
    const state = { ...this.#state, progress: this.#durable, reading: null, outage: null, chains: [] }
    this.#state = state.server.presumed ? state : correctOrigin(state, terms, this.#nowMs())
  }

  /**
   * The origin has to survive a crash before the first page, because a later start would not reach back as
   * far.
   */
  async #commitFirst(): Promise<void> {
    const { journal, org, lane } = this.#options
    await journal.commit({
      org: org.name,
      scope: org.scope,
      progress: this.#durable,
      records: [],
      quarantined: [],
      budget: { credential: lane.credential, change: (budget) => budget },
    })
  }

  #nowMs(): number {
    return this.#options.platform.clock.nowMs()
  }
}
