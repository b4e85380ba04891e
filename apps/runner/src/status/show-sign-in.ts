import { soonDays } from './days-left.ts'
import { showCount, showSpan } from './show-amount.ts'
import type { SignInStatus, Status } from './status.ts'

/** Returns one or two lines of up to 67 characters. */
export function showSignIn(
  signIn: SignInStatus,
  { at, collector }: Pick<Status, 'at' | 'collector'>,
): readonly string[] {
  switch (signIn.state) {
    case 'fixed':
      return ['access token that cannot be renewed']
    case 'not-used':
      return ['refresh token that has not been used yet']
    case 'signed-out':
      return ['no refresh token: run `cdrstream login`']
    case 'unreadable':
      return ['the stored sign-in cannot be read']
    case 'ended':
      return ['your refresh token has ended:', toDo]
    case 'renewal-due':
      return collector === null
        ? ['the access token has ended; the next run renews it', ...endsSoon(signIn)]
        : ['the access token has ended and was not renewed: see the log', ...endsSoon(signIn)]
    case 'signed-in':
      return [`access token ${ends(signIn.accessTokenEndsAt, at)}`, ...endsSoon(signIn)]
  }
}

function ends(endsAt: string | null, at: string): string {
  return endsAt === null
    ? 'has no known end'
    : `ends in ${showSpan((Date.parse(endsAt) - Date.parse(at)) / 1_000)}`
}

function endsSoon({ refreshTokenEndsInDays: days }: SignInStatus): readonly string[] {
  if (days === null) return ['refresh token has no known end']
  return days < soonDays
    ? [`your refresh token expires in ${showCount(days, 'day')}:`, toDo]
    : [`refresh token expires in ${showCount(days, 'day')}`]
}

const toDo = 'run `cdrstream login`, or give the service app a new one'
