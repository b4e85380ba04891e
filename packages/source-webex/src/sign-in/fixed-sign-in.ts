import type { Clock } from '@cdrstream/engine'
import { refusal, type SignInRefusal } from './refusal.ts'
import type { SecretText, SignIn } from './sign-in.ts'

/**
 * How long a personal access token lives (API facts, section 2). Nothing in the token tells it from others.
 */
const personalTokenMs = 12 * 3_600_000

/**
 * A sign-in with a configured access token, which cannot be renewed: a 401 is final until a person gives
 * another one.
 */
export function createFixedSignIn(accessToken: SecretText, clock: Pick<Clock, 'nowMs'>): SignIn {
  let firstAcceptedMs: number | null = null
  let refused: SignInRefusal | null = null
  return {
    accessToken: async () => ({ kind: 'token', token: accessToken.reveal() }),
    accepted() {
      firstAcceptedMs ??= clock.nowMs()
      refused = null
    },
    refused() {
      if (firstAcceptedMs === null) refused = refusal('access-token-refused', 401)
      // Found ended at the first answer after its end, which may be a while later: so it is said of the first
      // 401 alone.
      else if (refused === null) {
        const livedMs = clock.nowMs() - firstAcceptedMs
        refused = refusal(
          livedMs <= personalTokenMs + foundLateMs ? 'personal-token-ended' : 'access-token-ended',
          401,
        )
      }
      return refused
    },
    state: () => ({
      kind: 'fixed',
      accessTokenEndsAtMs: null,
      refreshTokenEndsAtMs: null,
      renewedAtMs: null,
      trouble: refused && { code: refused.code, remedy: refused.remedy },
    }),
    idle: async () => {},
  }
}

/** The longest pause between two requests of an org that is well. */
const foundLateMs = 300_000
