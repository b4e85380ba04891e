import type { OrgSetup, Platform, SinkSetup } from '@cdrstream/engine'
import type { Logger } from '@cdrstream/plugin'
import type { SignIn, Transport } from '@cdrstream/source-webex'
import type { CollectConfiguration } from '../configuration/configuration.ts'
import { engineSetup } from '../engine-setup.ts'
import { createSignIns, type SignIns } from '../sign-in/create-sign-ins.ts'
import { type ConfigurationDifference, signInIdentities } from './configuration-difference.ts'

export interface SetupMeans {
  readonly platform: Platform
  readonly log: Logger
  readonly userAgent: string
  /** Returns a transport that trusts the configuration's CA certificates. */
  readonly transport: (configuration: Pick<CollectConfiguration, 'authorities'>) => Transport
}

/** The orgs and sinks that the engine runs after a reload. */
export interface NextSetups {
  readonly orgs: readonly OrgSetup[]
  readonly sinks: readonly SinkSetup[]
  /** Sign-ins that are no longer in use. */
  readonly retired: SignIns
}

/** The orgs, sinks and sign-ins of the running collector. */
export class CollectorSetups {
  readonly #means: SetupMeans
  readonly #signIns: Map<string, SignIn>
  /** By credential. A sign-in is kept only if its identity is unchanged. */
  #identities: ReadonlyMap<string, string>
  /** Sign-ins that are no longer in use, but may still be renewing their token. */
  readonly #retired = new Map<string, SignIn>()
  #retirements = 0
  #orgs: readonly OrgSetup[]
  #sinks: readonly SinkSetup[]

  /** No I/O. */
  constructor(configuration: CollectConfiguration, means: SetupMeans) {
    this.#means = means
    this.#identities = signInIdentities(configuration)
    this.#signIns = new Map(this.#createSignIns(configuration))
    const { orgs, sinks } = this.#create(configuration)
    this.#orgs = orgs
    this.#sinks = sinks
  }

  /** The sign-ins in use. A reload modifies this map. */
  get signIns(): SignIns {
    return this.#signIns
  }

  /** All sign-ins that may be renewing their token, including retired ones. */
  get renewing(): SignIns {
    return new Map([...this.#signIns, ...this.#retired])
  }

  get orgs(): readonly OrgSetup[] {
    return this.#orgs
  }

  get sinks(): readonly SinkSetup[] {
    return this.#sinks
  }

  /** Switches to a new configuration. Unchanged orgs, sinks and sign-ins stay the same objects. No I/O. */
  replace(configuration: CollectConfiguration, { orgs, sinks }: ConfigurationDifference): NextSetups {
    const retired = this.#replaceSignIns(configuration)
    for (const signIn of retired.values()) this.#retire(signIn)
    const isNew = (names: ConfigurationDifference['orgs'], name: string) =>
      names.added.includes(name) || names.changed.includes(name)
    const created = this.#create({
      ...configuration,
      orgs: configuration.orgs.filter(({ name }) => isNew(orgs, name)),
      sinks: configuration.sinks.filter(({ name }) => isNew(sinks, name)),
    })
    this.#orgs = inOrder(configuration.orgs, [...created.orgs, ...this.#orgs])
    this.#sinks = inOrder(configuration.sinks, [...created.sinks, ...this.#sinks])
    return { orgs: this.#orgs, sinks: this.#sinks, retired }
  }

  /**
   * Replaces the sign-ins that have changed, and returns the old ones. Unchanged sign-ins are kept, because
   * two sign-ins with the same refresh token would invalidate each other's tokens.
   */
  #replaceSignIns(configuration: CollectConfiguration): SignIns {
    const identities = signInIdentities(configuration)
    const retired = new Map(this.#signIns)
    const signIns = new Map(this.#createSignIns(configuration))
    for (const [credential, identity] of identities) {
      const known = this.#signIns.get(credential)
      if (known === undefined || this.#identities.get(credential) !== identity) continue
      signIns.set(credential, known)
      retired.delete(credential)
    }
    this.#identities = identities
    this.#signIns.clear()
    for (const [credential, signIn] of signIns) this.#signIns.set(credential, signIn)
    return retired
  }

  #retire(signIn: SignIn): void {
    this.#retirements += 1
    // The slash avoids a collision with a credential, whose name cannot contain one.
    const key = `retired/${this.#retirements}`
    this.#retired.set(key, signIn)
    void signIn.idle().then(() => this.#retired.delete(key))
  }

  #createSignIns(configuration: CollectConfiguration): SignIns {
    const { platform, log, userAgent, transport } = this.#means
    const means = { clock: platform.clock, log, userAgent, transport: transport(configuration) }
    return createSignIns(configuration, means)
  }

  #create(configuration: CollectConfiguration): Pick<NextSetups, 'orgs' | 'sinks'> {
    const { platform, log, userAgent, transport } = this.#means
    const means = { userAgent, transport: transport(configuration) }
    return engineSetup(configuration, this.#signIns, platform, log, means)
  }
}

/** Returns the first setup with each name, in configuration order. */
function inOrder<Setup extends { readonly name: string }>(
  names: readonly { readonly name: string }[],
  setups: readonly Setup[],
): readonly Setup[] {
  return names.flatMap(({ name }) => setups.find((setup) => setup.name === name) ?? [])
}
