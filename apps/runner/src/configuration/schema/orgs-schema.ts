import type { z } from 'zod'
import { duration, leaf, list, mapping, name, oneOf, token } from './leaf.ts'

/** `checkAuth` checks which of these keys can be combined. */
const authSchema = mapping('{ accessToken } or { clientId, clientSecret, refreshToken }', {
  accessToken: token
    .describe(
      'An access token that cannot be renewed, to try cdrstream. A personal access token expires after 12 hours.',
    )
    .optional(),
  clientId: token.describe('The client ID of an integration or a service app.').optional(),
  clientSecret: token.describe("The app's client secret.").optional(),
  refreshToken: token
    .describe(
      'The refresh token for the app. Without it, `cdrstream login` gets one for an integration and stores it.',
    )
    .optional(),
}).meta({ oneOf: [{ required: ['accessToken'] }, { required: ['clientId', 'clientSecret'] }] })

/** In a request, a name with a comma would be read as two names (API facts, section 3). */
const location = leaf(
  'the name of a location, without commas or control characters',
  { type: 'string', minLength: 1, maxLength: 1_000, pattern: String.raw`^[^,]*[^,\s][^,]*$` },
  (value) =>
    typeof value === 'string' && value.trim() !== '' && /^[^,\p{Cc}\p{Cs}]{1,1000}$/u.test(value)
      ? value
      : undefined,
)

const orgSchema = mapping('an org: { name, auth }', {
  name: name.describe('The unique name of the org in files, logs and status.'),
  formerly: name.describe('The name that the org had before it was renamed.').optional(),
  auth: authSchema.describe(
    'How the org signs in: `accessToken` alone, or `clientId`, `clientSecret` and `refreshToken`.',
  ),
  region: oneOf(['auto', 'us', 'eu', 'in', 'au', 'gov'])
    .describe('Where Webex stores the org’s records. `auto` follows the org to its region.')
    .prefault('auto'),
  locations: list('up to 10 location names', location, 0, 10)
    .describe('Collects the calls of these locations only: up to 10 names. Default: all locations.')
    .prefault([]),
  start: duration('1s')
    .describe('How far back the first run reaches. Default: `webex.stream.retention`.')
    .optional(),
})

export const orgsSchema = list('a list of at least one org', orgSchema, 1, 100_000)

export type ShapedOrg = z.output<typeof orgSchema>
