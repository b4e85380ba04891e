import type { StoredSignIn, TokenStoreContent } from '@cdrstream/source-webex'
import type { Configuration, OrgConfiguration } from '../configuration/configuration.ts'
import { signInStore } from '../sign-in/sign-in-store.ts'
import { daysLeft } from './days-left.ts'
import { isoTime } from './iso-time.ts'
import type { SignInState, SignInStatus } from './status.ts'

/** Reads when an org's tokens expire from the sign-in that the collector stores. */
export async function signInStatus(
  configuration: Pick<Configuration, 'orgs' | 'journal'>,
  org: OrgConfiguration,
  nowMs: number,
): Promise<SignInStatus> {
  if (org.auth.kind === 'access-token') return { ...nothingKnown, state: 'fixed' }
  const content = await signInStore(configuration, org).load().catch(unreadable)
  switch (content.kind) {
    case 'nothing':
      return { ...nothingKnown, state: org.auth.refreshToken === undefined ? 'signed-out' : 'not-used' }
    case 'not-understood':
    case 'unreadable':
      return { ...nothingKnown, state: 'unreadable' }
    case 'stored':
      return ofStored(content.signIn, nowMs)
  }
}

const nothingKnown = {
  accessTokenEndsAt: null,
  refreshTokenEndsAt: null,
  refreshTokenEndsInDays: null,
  renewedAt: null,
} as const

/** The file can belong to another user. */
function unreadable(): Exclude<TokenStoreContent, { kind: 'stored' }> | { readonly kind: 'unreadable' } {
  return { kind: 'unreadable' }
}

function ofStored(
  { accessTokenEndsAtMs, refreshTokenEndsAtMs, renewedAtMs }: StoredSignIn,
  nowMs: number,
): SignInStatus {
  return {
    state: stateOf(accessTokenEndsAtMs, refreshTokenEndsAtMs, nowMs),
    accessTokenEndsAt: timeOrNull(accessTokenEndsAtMs),
    refreshTokenEndsAt: timeOrNull(refreshTokenEndsAtMs),
    refreshTokenEndsInDays: daysLeft(refreshTokenEndsAtMs, nowMs),
    renewedAt: timeOrNull(renewedAtMs),
  }
}

function stateOf(accessEndsAtMs: number | null, refreshEndsAtMs: number | null, nowMs: number): SignInState {
  const isPast = (endsAtMs: number | null) => endsAtMs !== null && endsAtMs <= nowMs
  if (isPast(refreshEndsAtMs)) return 'ended'
  return isPast(accessEndsAtMs) ? 'renewal-due' : 'signed-in'
}

/** A number in the file need not be a valid time. */
function timeOrNull(ms: number | null): string | null {
  return ms === null || Math.abs(ms) > 8.64e15 ? null : isoTime(ms)
}
