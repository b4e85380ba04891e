import type { SignInRefusal } from './refusal.ts'
import type { SignIn } from './sign-in.ts'

/** What the source needs of a sign-in. */
export interface TokenSupply extends Pick<SignIn, 'accessToken' | 'accepted'> {
  rejected(token: string): Partial<Pick<SignInRefusal, 'code' | 'remedy'>> | undefined
}

/** Tokens that come from elsewhere, and of which nothing is known. */
export function givenTokens(give: () => Promise<string>): TokenSupply {
  return {
    async accessToken() {
      try {
        return { kind: 'token', token: await give() }
      } catch {
        // What was thrown may hold a secret that nothing here knows.
        return {
          kind: 'failed',
          reason: 'unavailable',
          status: null,
          retryAfterMs: null,
          detail: 'there is no access token',
        }
      }
    },
    accepted() {},
    rejected: () => ({}),
  }
}
