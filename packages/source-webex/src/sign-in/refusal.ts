/**
 * Why no access token can be had until a person does something:
 * - `access-token-refused`: the API never took the configured access token
 * - `personal-token-ended`: it took it for less than 12 hours, as long as a personal token lives
 * - `access-token-ended`: it took it for longer, and does not any more
 * - `new-access-token-refused`: it does not take a token that was given to us a moment ago
 * - `refresh-token-missing`: none is configured, and none was stored by a login
 * - `refresh-token-refused`: it has ended, was revoked or was used up by someone else
 * - `client-refused`: the id or the secret of the integration or service app is wrong
 * - `app-not-authorized`: an administrator has not authorized the app, or not any more
 * - `code-refused`: the authorization code of a login has ended, was used before, or is another browser's
 * - `scope-missing`: the tokens of a login do not allow to read call detail records
 * - `token-url-refused`: what answers at the token address is not what it should be
 */
export type SignInRefusalCode = keyof typeof remedies

/** No access token can be had until a person does something. */
export interface SignInRefusal {
  readonly kind: 'refused'
  readonly code: SignInRefusalCode
  /** What to do, in words for an administrator. */
  readonly remedy: string
  /** Of the answer that refused; null where nothing was asked. */
  readonly status: number | null
  /** The server's own words, cut short; never a secret. */
  readonly detail: string
}

const newRefreshToken =
  'For an integration: run `cdrstream login`, and sign in as the administrator who has the role "Webex Calling Detailed Call History API access". ' +
  'For a service app: at developer.webex.com open My Webex Apps, the app, Org Authorizations, choose the org, generate tokens, and put the new refresh token into auth.refreshToken.'

const collectWithoutEnd =
  'To collect without end, create an integration or a service app at developer.webex.com (My Webex Apps) with the scope spark-admin:calling_cdr_read, and configure auth with its clientId, clientSecret and refreshToken.'

const remedies = {
  'access-token-refused':
    'Webex does not take auth.accessToken. Copy the whole token again; it must be of a user of this org, with the scope spark-admin:calling_cdr_read (a bot token does not work). It may also have ended: a personal token from developer.webex.com lasts 12 hours.',
  'personal-token-ended': `auth.accessToken has ended, and cannot be renewed. It was most likely a personal token from developer.webex.com: those last 12 hours. ${collectWithoutEnd}`,
  'access-token-ended': `auth.accessToken has ended or was revoked, and cannot be renewed by itself. ${collectWithoutEnd}`,
  'new-access-token-refused':
    'Webex gives access tokens, and its API does not take them. See that webex.tokenUrl and webex.baseUrl (or region) belong to the same Webex: both commercial, or both government.',
  'refresh-token-missing': `There is no refresh token yet. ${newRefreshToken}`,
  'refresh-token-refused': `Webex does not take the refresh token any more: it has ended, was revoked, or was replaced when someone else used it. ${newRefreshToken}`,
  'client-refused':
    'Webex does not know this client: see that auth.clientId and auth.clientSecret are those of the integration or service app (developer.webex.com, My Webex Apps). A secret that was generated anew there replaces the one before.',
  'app-not-authorized':
    'The app is not authorized for this org. A full administrator does that in Control Hub, Management, Apps: Service Apps (or Integrations), the app, Authorize. Then give it a new refresh token.',
  'code-refused':
    'The code of the sign-in is not valid any more: run `cdrstream login` again and finish within five minutes.',
  'scope-missing':
    'The sign-in does not allow to read call detail records: add the scope spark-admin:calling_cdr_read to the app (developer.webex.com, My Webex Apps), and run `cdrstream login` again.',
  'token-url-refused':
    'What answers at webex.tokenUrl does not give tokens: leave the key out to use Webex itself; in between may be a proxy that needs HTTPS_PROXY.',
} as const

export function refusal(code: SignInRefusalCode, status: number | null, detail = ''): SignInRefusal {
  return { kind: 'refused', code, remedy: remedies[code], status, detail }
}
