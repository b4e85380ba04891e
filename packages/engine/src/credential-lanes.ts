import { CredentialLane } from './credential-lane.ts'
import type { EngineOptions, OrgSetup } from './engine-options.ts'
import { recoverBudgets } from './recover-budgets.ts'

/** A lane for each credential that an org uses. */
export class CredentialLanes {
  readonly #options: Pick<EngineOptions, 'journal' | 'terms' | 'platform'>
  readonly #lanes = new Map<string, CredentialLane>()
  /** How many orgs share each credential. */
  readonly #orgs = new Map<string, number>()

  constructor(options: Pick<EngineOptions, 'journal' | 'terms' | 'platform'>) {
    this.#options = options
  }

  /**
   * Adds lanes that these orgs need, and removes lanes that they do not use. Call `recover` before you use a
   * new lane.
   */
  use(orgs: readonly OrgSetup[]): void {
    const { journal, terms, platform } = this.#options
    this.#orgs.clear()
    for (const { credential } of orgs) this.#orgs.set(credential, this.orgsOf(credential) + 1)
    for (const each of this.#lanes.keys()) if (!this.#orgs.has(each)) this.#lanes.delete(each)
    for (const credential of this.#orgs.keys()) {
      if (!this.#lanes.has(credential))
        this.#lanes.set(credential, new CredentialLane(credential, journal, terms, platform))
    }
  }

  /** Returns the credentials that have no lane yet. */
  missing(orgs: readonly OrgSetup[]): readonly string[] {
    return [...new Set(orgs.map(({ credential }) => credential))].filter((each) => !this.#lanes.has(each))
  }

  /** Recovers the budgets of these credentials, by default all. None of their lanes may be in use. */
  recover(credentials: Iterable<string> = this.#lanes.keys()): Promise<void> {
    const { journal, terms, platform } = this.#options
    const { clock, boot } = platform
    return recoverBudgets(journal, this.#lanes.keys(), terms, clock.nowMs(), boot, credentials)
  }

  of({ name, credential }: OrgSetup): CredentialLane {
    const lane = this.#lanes.get(credential)
    if (lane === undefined) throw new Error(`no lane for the credential of the org ${name}`)
    return lane
  }

  /** Returns how many orgs currently share this credential. */
  orgsOf(credential: string): number {
    return this.#orgs.get(credential) ?? 0
  }
}
