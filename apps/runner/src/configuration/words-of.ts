import { createWords, type Words } from '@cdrstream/core/words'
import { authSecrets } from './auth-secrets.ts'
import type { CollectConfiguration } from './configuration.ts'
import type { Secret } from './secret.ts'

/** Returns a function that hides the secrets of a configuration, and any additional secrets, in text. */
export function wordsOf(
  { orgs, sinkSecrets }: Pick<CollectConfiguration, 'orgs' | 'sinkSecrets'>,
  others: readonly Secret[] = [],
): Words {
  const secrets = [...orgs.flatMap(({ auth }) => authSecrets(auth)), ...sinkSecrets, ...others]
  return createWords(secrets.map((secret) => secret.reveal()))
}
