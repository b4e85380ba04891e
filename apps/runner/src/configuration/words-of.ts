import { createWords, type Words } from '@cdrstream/core/words'
import { authSecrets } from './auth-secrets.ts'
import type { CollectConfiguration } from './configuration.ts'
import type { Secret } from './secret.ts'

/** Returns a function that hides the secrets of a configuration, and any additional secrets, in text. */
export function wordsOf(
  { orgs, sinkSecrets, http }: Pick<CollectConfiguration, 'orgs' | 'sinkSecrets' | 'http'>,
  others: readonly Secret[] = [],
): Words {
  const httpSecrets = http?.token === undefined ? [] : [http.token]
  const secrets = [
    ...orgs.flatMap(({ auth }) => authSecrets(auth)),
    ...sinkSecrets,
    ...httpSecrets,
    ...others,
  ]
  return createWords(secrets.map((secret) => secret.reveal()))
}
