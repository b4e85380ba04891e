import type { Clock, Source } from '@cdrstream/engine'
import type { SigningInOrg, SimulatedOrg } from '@cdrstream/simulator'
import {
  createFixedSignIn,
  createRenewingSignIn,
  createWebexSource,
  type SignIn,
  type StoredSignIn,
  type TokenStore,
  type Transport,
} from '@cdrstream/source-webex'
import type { ApiPlan, PlannedOrg } from '../plan/plan.ts'

const client = { clientId: 'client', clientSecret: 'secret' }

/** Returns an org as the simulator needs it. */
export function simulatedOrg(
  { name, credential, recordsPerMinute }: PlannedOrg,
  { tokenMs }: Pick<ApiPlan, 'tokenMs'>,
): SimulatedOrg | SigningInOrg {
  return tokenMs === null
    ? { name, credential, recordsPerMinute, token: `token-of-${name}` }
    : { name, credential, recordsPerMinute, signIn: { ...client, refreshToken: `refresh-${name}` } }
}

/** The stores of refresh tokens, which outlive the process. */
export class TokenStores {
  readonly #stored = new Map<string, StoredSignIn>()

  of(org: string): TokenStore {
    return {
      load: async () => {
        const signIn = this.#stored.get(org)
        return signIn === undefined ? { kind: 'nothing' } : { kind: 'stored', signIn }
      },
      save: async (signIn) => {
        this.#stored.set(org, signIn)
      },
    }
  }
}

export interface SourceParts {
  readonly clock: Clock
  readonly transport: Transport
  readonly tokens: TokenStores
}

export function orgSource(
  { name }: Pick<PlannedOrg, 'name'>,
  { tokenMs }: Pick<ApiPlan, 'tokenMs'>,
  { clock, transport, tokens }: SourceParts,
): Source {
  const signIn: SignIn =
    tokenMs === null
      ? createFixedSignIn({ reveal: () => `token-of-${name}` }, clock)
      : createRenewingSignIn({
          clientId: client.clientId,
          clientSecret: { reveal: () => client.clientSecret },
          refreshToken: { reveal: () => `refresh-${name}` },
          store: tokens.of(name),
          clock,
          transport,
        })
  return createWebexSource({
    baseUrl: 'https://analytics-calling.webexapis.com/v1',
    signIn,
    clock,
    transport,
    newTrackingId: () => 'tracking',
  })
}
