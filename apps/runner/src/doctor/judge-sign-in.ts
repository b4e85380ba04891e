import type { SignIn } from '@cdrstream/source-webex'
import { daysLeft, soonDays } from '../status/days-left.ts'
import { showCount } from '../status/show-amount.ts'
import { type Result, warning } from './check.ts'

/** What a person should know of tokens that are good; undefined: nothing. */
export function judgeSignIn(signIn: Pick<SignIn, 'state'>, nowMs: number): Result | undefined {
  const { kind, refreshTokenEndsAtMs } = signIn.state()
  switch (kind) {
    case 'fixed':
      return warning(
        'token-not-renewable',
        'Webex takes the access token, which cannot be renewed: a personal one ends after 12 hours',
        'Enough for a first look. To collect without end, create a service app or an integration at developer.webex.com (My Webex Apps), and configure auth with its clientId, clientSecret and refreshToken.',
      )
    case 'renewing':
      return refreshTokenEnd(daysLeft(refreshTokenEndsAtMs, nowMs))
  }
}

/** `days` that it lives yet, whole ones; null: not known. */
export function refreshTokenEnd(days: number | null): Result | undefined {
  if (days === null || days >= soonDays) return undefined
  return warning(
    'refresh-token-ends-soon',
    `your refresh token ends in ${showCount(days, 'day')}`,
    'For an integration: run `cdrstream login`. For a service app: generate new tokens at developer.webex.com, My Webex Apps, and put the refresh token into auth.refreshToken.',
  )
}
