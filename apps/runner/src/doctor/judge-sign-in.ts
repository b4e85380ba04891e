import type { SignIn } from '@cdrstream/source-webex'
import { daysLeft, soonDays } from '../status/days-left.ts'
import { showCount } from '../status/show-amount.ts'
import { type Result, warning } from './check.ts'

/** Returns a warning about tokens that work but will expire, or undefined if there is none. */
export function judgeSignIn(signIn: Pick<SignIn, 'state'>, nowMs: number): Result | undefined {
  const { kind, refreshTokenEndsAtMs } = signIn.state()
  switch (kind) {
    case 'fixed':
      return warning(
        'token-not-renewable',
        'Webex accepts the access token, but it cannot be renewed: a personal access token expires after 12 hours',
        'It is enough to try cdrstream. To keep collecting, create a service app or an integration at developer.webex.com (My Webex Apps), and set auth to its clientId, clientSecret and refreshToken.',
      )
    case 'renewing':
      return refreshTokenEnd(daysLeft(refreshTokenEndsAtMs, nowMs))
  }
}

/** `days` is how many whole days are left, or null if unknown. */
export function refreshTokenEnd(days: number | null): Result | undefined {
  if (days === null || days >= soonDays) return undefined
  return warning(
    'refresh-token-ends-soon',
    `your refresh token expires in ${showCount(days, 'day')}`,
    'For an integration: run `cdrstream login`. For a service app: generate new tokens at developer.webex.com, My Webex Apps, and put the refresh token into auth.refreshToken.',
  )
}
