import {
  configuredSha256,
  createTokenFile,
  nodeTokenFiles,
  type OnTightened,
  type TokenStore,
  type TokenStoreContent,
} from '@cdrstream/source-webex'
import type { Configuration, OrgConfiguration } from '../configuration/configuration.ts'
import { tokenPath } from './token-path.ts'

/**
 * Returns the store for a credential's sign-in. Its file is named after the first org that has the
 * credential. Files named after the other orgs or after former names are also found, because the orgs might
 * have been reordered or renamed.
 */
export function signInStore(
  { orgs, journal }: Pick<Configuration, 'orgs' | 'journal'>,
  { credential, auth }: Pick<OrgConfiguration, 'credential' | 'auth'>,
  onTightened?: OnTightened,
): TokenStore {
  const files = nodeTokenFiles(onTightened)
  const own = createTokenFile(tokenPath(journal.path, credential), files)
  const others = orgs
    .filter((org) => org.credential === credential)
    .flatMap(({ name, formerly }) => (formerly === undefined ? [name] : [name, formerly]))
    .filter((name) => name !== credential)
    .map((name) => createTokenFile(tokenPath(journal.path, name), files))
  const refreshToken = auth.kind === 'client' ? auth.refreshToken : undefined
  const origin = configuredSha256(refreshToken?.reveal())
  return {
    load: async () => {
      const contents = await Promise.all([own, ...others].map((file) => file.load()))
      return newest(contents, origin) ?? contents[0] ?? { kind: 'nothing' }
    },
    save: (signIn) => own.save(signIn),
  }
}

/** Only sign-ins that came from the configured refresh token are used. */
function newest(
  contents: readonly TokenStoreContent[],
  origin: string | null,
): TokenStoreContent | undefined {
  return contents
    .filter((content) => content.kind === 'stored')
    .filter(({ signIn }) => signIn.configuredSha256 === origin)
    .sort((a, b) => b.signIn.renewedAtMs - a.signIn.renewedAtMs)[0]
}
