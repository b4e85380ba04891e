/**
 * Why there is no access token until a person acts:
 * - `access-token-refused`: the API never accepted the configured access token
 * - `personal-token-ended`: it accepted the token for at most 12 hours, the lifetime of a personal token
 * - `access-token-ended`: it accepted the token for longer, and no longer does
 * - `new-access-token-refused`: it does not accept a token that was just issued
 * - `refresh-token-missing`: none is configured, and no login has stored one
 * - `refresh-token-refused`: it has expired, was revoked, or was used by someone else
 * - `client-refused`: the id or the secret of the integration or service app is wrong
 * - `app-not-authorized`: an administrator has not authorized the app, or has withdrawn the authorization
 * - `code-refused`: the authorization code of a login has expired, was used before, or belongs to another
 *   browser
 * - `scope-missing`: the tokens of a login do not include the scope to read call detail records
 * - `token-url-refused`: the token URL does not point to a token endpoint
 */
export type SignInRefusalCode = keyof typeof remedies

/** There is no access token until a person acts. */
export interface SignInRefusal {
  readonly kind: 'refused'
  readonly code: SignInRefusalCode
  /** What to do, worded for an administrator. */
  readonly remedy: string
  /** The status of the refusing answer. Null if no request was sent. */
  readonly status: number | null
  /** The server's own message, shortened. Never contains a secret. */
  readonly detail: string
}

const newRefreshToken =
  'For an integration: run `cdrstream login`, and sign in as the administrator who has the role "Webex Calling Detailed Call History API access". ' +
  'For a service app: at developer.webex.com open My Webex Apps, the app, Org Authorizations, choose the org, generate tokens, and set auth.refreshToken to the new refresh token.'

const renewableSignIn =
  'To collect permanently, create an integration or a service app at developer.webex.com (My Webex Apps) with the scope spark-admin:calling_cdr_read, and set its clientId, clientSecret and refreshToken under auth.'

const remedies = {
  'access-token-refused':
    'Webex does not accept auth.accessToken. Copy the whole token again; it must belong to a user of this org and have the scope spark-admin:calling_cdr_read (a bot token does not work). It may also have expired: a personal token from developer.webex.com lasts 12 hours.',
  'personal-token-ended': `auth.accessToken has expired and cannot be renewed. It was most likely a personal token from developer.webex.com, which lasts 12 hours. ${renewableSignIn}`,
  'access-token-ended': `auth.accessToken has expired or was revoked, and cannot be renewed. ${renewableSignIn}`,
  'new-access-token-refused':
    'Webex issues access tokens, but its API does not accept them. Check that webex.tokenUrl and webex.baseUrl (or region) belong to the same Webex: both commercial, or both government.',
  'refresh-token-missing': `There is no refresh token yet. ${newRefreshToken}`,
  'refresh-token-refused': `Webex no longer accepts the refresh token: it has expired, was revoked, or was replaced when someone else used it. ${newRefreshToken}`,
  'client-refused':
    'Webex does not recognize this client. Check that auth.clientId and auth.clientSecret match the integration or service app (developer.webex.com, My Webex Apps). Generating a new secret there invalidates the previous one.',
  'app-not-authorized':
    'The app is not authorized for this org. Ask a full administrator to authorize it in Control Hub: under Management > Apps > Service Apps (or Integrations), select the app, then Authorize. Then set a new refresh token.',
  'code-refused':
    'The sign-in code is no longer valid. Run `cdrstream login` again and finish within five minutes.',
  'scope-missing':
    'The sign-in does not include the permission to read call detail records. Add the scope spark-admin:calling_cdr_read to the app (developer.webex.com, My Webex Apps) and run `cdrstream login` again.',
  'token-url-refused':
    'The server at webex.tokenUrl does not issue tokens. Remove the key to use Webex itself. If the connection needs a proxy, set HTTPS_PROXY.',
} as const

export function refusal(code: SignInRefusalCode, status: number | null, detail = ''): SignInRefusal {
  return { kind: 'refused', code, remedy: remedies[code], status, detail }
}
