import { authSecrets } from '../configuration/auth-secrets.ts'
import { canonicalText } from '../configuration/canonical-text.ts'
import type { CollectConfiguration, OrgAuth, OrgConfiguration } from '../configuration/configuration.ts'

/** Names, in configuration order. */
export interface NamesDifference {
  readonly added: readonly string[]
  readonly changed: readonly string[]
  readonly removed: readonly string[]
}

/** What a reload changes. */
export interface ConfigurationDifference {
  readonly orgs: NamesDifference
  readonly sinks: NamesDifference
  /** Other settings that the reload applies, such as `journal.keep`. */
  readonly settings: readonly string[]
  /** Changed settings that take effect only after a restart. */
  readonly needRestart: readonly string[]
}

/** The parts of a configuration that a reload compares. */
type Compared = Pick<
  CollectConfiguration,
  'orgs' | 'sinks' | 'journal' | 'http' | 'certificate' | 'terms' | 'allowedHosts' | 'authorities'
>

/** Returns the changes from the configuration in use to a new one. */
export function configurationDifference(before: Compared, after: Compared): ConfigurationDifference {
  const journal = changedKeys(journalSettings(before), journalSettings(after))
  return {
    orgs: namesDifference(orgIdentities(before), orgIdentities(after)),
    sinks: namesDifference(sinkIdentities(before), sinkIdentities(after)),
    settings: journal.filter((key) => key !== 'journal.path'),
    needRestart: [
      ...journal.filter((key) => key === 'journal.path'),
      ...(httpText(before) === httpText(after) ? [] : ['http']),
      ...changedKeys(before.terms, after.terms).map((key) => `webex.${key}`),
      ...after.sinks
        .filter(({ sink }) => sink.isOutdated)
        .map(({ name }) => `the module of the sink ${name}`),
    ],
  }
}

export function isUnchanged({ orgs, sinks, settings }: ConfigurationDifference): boolean {
  return [orgs, sinks].every(isSame) && settings.length === 0
}

function isSame({ added, changed, removed }: NamesDifference): boolean {
  return added.length + changed.length + removed.length === 0
}

function namesDifference(
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
): NamesDifference {
  const names = [...after.keys()]
  return {
    added: names.filter((name) => !before.has(name)),
    changed: names.filter((name) => before.has(name) && before.get(name) !== after.get(name)),
    removed: [...before.keys()].filter((name) => !after.has(name)),
  }
}

function orgIdentities(configuration: Compared): ReadonlyMap<string, string> {
  const signIns = signInIdentities(configuration)
  return new Map(configuration.orgs.map((org) => [org.name, orgIdentity(org, signIns)]))
}

/** Omits `formerly` and `start`, which matter only when an org starts for the first time. */
function orgIdentity(
  { credential, auth, baseUrl, apiHosts, region, locations }: OrgConfiguration,
  signIns: ReadonlyMap<string, string>,
): string {
  const signIn = [credential, signIns.get(credential), ...authTexts(auth)]
  return canonicalText([signIn, baseUrl, apiHosts, region, locations])
}

/**
 * Returns an identity for each credential's sign-in, which can be kept if its identity is unchanged.
 * Identities contain secrets: do not log them.
 */
export function signInIdentities({
  orgs,
  allowedHosts,
  authorities,
}: Pick<Compared, 'orgs' | 'allowedHosts' | 'authorities'>): ReadonlyMap<string, string> {
  // A credential has the name and authorization of the first org that uses it.
  const first = orgs.filter(({ name, credential }) => name === credential)
  const shared = [allowedHosts, authorities ?? null]
  return new Map(first.map(({ name, auth }) => [name, canonicalText([authTexts(auth), shared])]))
}

function authTexts(auth: OrgAuth): readonly string[] {
  const client = auth.kind === 'client' ? [auth.clientId, auth.tokenUrl] : []
  return [auth.kind, ...client, ...authSecrets(auth).map((secret) => secret.reveal())]
}

function sinkIdentities({ sinks }: Compared): ReadonlyMap<string, string> {
  return new Map(sinks.map(({ name, identity }) => [name, identity]))
}

function journalSettings({ journal }: Compared): Readonly<Record<string, unknown>> {
  const { path, keepMs, maxBytes, minFreeDiskBytes } = journal
  return {
    'journal.path': path,
    'journal.keep': keepMs,
    'journal.maxBytes': maxBytes,
    'journal.minFreeDisk': minFreeDiskBytes,
  }
}

function httpText({ http, certificate }: Compared): string {
  return canonicalText([
    http ?? null,
    http?.token?.reveal() ?? null,
    certificate && [certificate.cert, certificate.key.reveal()],
  ])
}

function changedKeys(before: object, after: object): readonly string[] {
  const earlier = new Map(Object.entries(before))
  return Object.entries(after)
    .filter(([key, value]) => canonicalText(value) !== canonicalText(earlier.get(key)))
    .map(([key]) => key)
}
