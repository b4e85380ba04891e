import type { Clock } from '@cdrstream/engine'
import { refusal, type SignInRefusal } from './refusal.ts'
import type { SecretText, SignIn } from './sign-in.ts'

/**
 * The lifetime of a personal access token (API facts, section 2). The token itself does not show its type.
 */
const personalTokenMs = 12 * 3_600_000

/**
 * Returns a sign-in with a configured access token, which cannot be renewed. A 401 is final until a different
 * token is configured.
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
      // Only the first 401 shows when the token expired; it may arrive a while later.
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

/** The longest pause between two requests of an org without problems. */
const foundLateMs = 300_000
