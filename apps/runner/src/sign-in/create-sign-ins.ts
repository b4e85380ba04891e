import type { Clock } from '@cdrstream/engine'
import type { Logger } from '@cdrstream/plugin'
import {
  createFixedSignIn,
  createRenewingSignIn,
  type SignIn,
  type SignInEvent,
  type Transport,
} from '@cdrstream/source-webex'
import type { Configuration, OrgConfiguration } from '../configuration/configuration.ts'
import { signInStore } from './sign-in-store.ts'

/**
 * One for each credential, by its name. Two sign-ins with the same refresh token would invalidate each
 * other's tokens.
 */
export type SignIns = ReadonlyMap<string, SignIn>

interface Means {
  readonly clock: Clock
  readonly log: Logger
  readonly userAgent: string
  readonly transport: Transport
}

/** Creates the sign-ins of all credentials. Does no I/O. */
export function createSignIns(configuration: Configuration, means: Means): SignIns {
  const signIns = new Map<string, SignIn>()
  for (const org of configuration.orgs) {
    if (!signIns.has(org.credential)) signIns.set(org.credential, createSignIn(org, configuration, means))
  }
  return signIns
}

function createSignIn(
  org: OrgConfiguration,
  configuration: Configuration,
  { clock, log, userAgent, transport }: Means,
): SignIn {
  const { auth, credential } = org
  switch (auth.kind) {
    case 'access-token':
      return createFixedSignIn(auth.accessToken, clock)
    case 'client': {
      const { clientId, clientSecret, refreshToken, tokenUrl } = auth
      return createRenewingSignIn({
        clientId,
        clientSecret,
        ...(refreshToken !== undefined && { refreshToken }),
        tokenUrl,
        allowedHosts: configuration.allowedHosts,
        store: signInStore(configuration, org, (path, mode) => {
          log.warn('file was readable by other users; now only its owner can read it', {
            code: 'made-private',
            path,
            mode,
          })
        }),
        clock,
        chance: Math.random,
        userAgent,
        transport,
        onEvent: (event) => logEvent(event, credential, log),
      })
    }
  }
}

function logEvent({ level, code, message, fields }: SignInEvent, credential: string, log: Logger): void {
  log[level](message, { credential, code, ...fields })
}
