import type { OrgAuth } from './configuration.ts'
import type { Secret } from './secret.ts'

/** Returns a sign-in's secrets, which must not be printed. */
export function authSecrets(auth: OrgAuth): readonly Secret[] {
  switch (auth.kind) {
    case 'access-token':
      return [auth.accessToken]
    case 'client':
      return auth.refreshToken === undefined ? [auth.clientSecret] : [auth.clientSecret, auth.refreshToken]
  }
}
