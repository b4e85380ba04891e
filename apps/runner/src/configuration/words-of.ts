import { createWords, type Words } from '@cdrstream/core'
import { authSecrets } from './auth-secrets.ts'
import type { Configuration } from './configuration.ts'

/** Returns the way out for texts that hides all secrets of a configuration. */
export function wordsOf({ orgs, sinkSecrets }: Pick<Configuration, 'orgs' | 'sinkSecrets'>): Words {
  const secrets = [...orgs.flatMap(({ auth }) => authSecrets(auth)), ...sinkSecrets]
  return createWords(secrets.map((secret) => secret.reveal()))
}
