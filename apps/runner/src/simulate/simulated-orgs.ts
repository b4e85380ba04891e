import type { SigningInOrg, SimulatedOrg } from '@cdrstream/simulator'
import type { SimulateOptions } from './simulate-options.ts'

/** Returns the orgs of `cdrstream simulate`, either all with an access token or all with a refresh token. */
export function simulatedOrgs({
  orgs,
  token,
  rate,
  signIn = false,
}: Pick<SimulateOptions, 'orgs' | 'token' | 'rate' | 'signIn'>):
  | readonly SimulatedOrg[]
  | readonly SigningInOrg[] {
  const numbers = Array.from({ length: orgs }, (_, index) => index + 1)
  const named = (text: string, number: number) => (orgs === 1 ? text : `${text}-${number}`)
  const common = (number: number) => ({
    name: orgs === 1 ? 'acme' : `org-${number}`,
    recordsPerMinute: rate,
  })
  if (!signIn) return numbers.map((number) => ({ ...common(number), token: named(token, number) }))
  return numbers.map((number) => ({
    ...common(number),
    signIn: {
      clientId: named('simulated-client', number),
      clientSecret: named('simulated-secret', number),
      refreshToken: named('simulated-refresh-token', number),
    },
  }))
}
