import { createWords, type Words } from '@cdrstream/core/words'
import { authSecrets } from './auth-secrets.ts'
import type { CollectConfiguration } from './configuration.ts'
import type { Secret } from './secret.ts'

/** Returns a function that hides the secrets of a configuration, and any additional secrets, in text. */
export function wordsOf(
  configuration: Pick<CollectConfiguration, 'orgs' | 'sinkSecrets' | 'http'>,
  others: readonly Secret[] = [],
): Words {
  return createWords([...secretsOf(configuration), ...others].map((secret) => secret.reveal()))
}

/** Returns the secrets of a configuration, which must not be printed. */
export function secretsOf({
  orgs,
  sinkSecrets,
  http,
}: Pick<CollectConfiguration, 'orgs' | 'sinkSecrets' | 'http'>): readonly Secret[] {
  const httpSecrets = http?.token === undefined ? [] : [http.token]
  return [...orgs.flatMap(({ auth }) => authSecrets(auth)), ...sinkSecrets, ...httpSecrets]
}
