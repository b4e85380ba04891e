import type { FieldPolicy, Terms } from '@cdrstream/core'
import type { FileWarning } from '@cdrstream/core/file-trust'
import type { CheckedSink } from '../sinks/check-sink-options.ts'
import type { Secret } from './secret.ts'

/** What every command needs of a configuration: checked, with all defaults and absolute paths. */
export interface Configuration {
  /** If the configuration was loaded to look only, a secret can be the unresolved text `${…}`. */
  readonly orgs: readonly OrgConfiguration[]
  readonly journal: JournalConfiguration
  readonly sinkNames: readonly string[]
  /** Hosts besides those of Webex that may get tokens and secrets: `host` or `host:port`. */
  readonly allowedHosts: readonly string[]
  readonly terms: Terms
  /** The directory of the configuration file: relative paths start from it. */
  readonly baseDirectory: string
}

/** A configuration with what it takes to sign in. */
export interface SignInConfiguration extends Configuration {
  /** CA certificates (PEM) that are trusted besides those of the system; undefined: none. */
  readonly authorities: string | undefined
}

/** A configuration with what it takes to collect and deliver. */
export interface CollectConfiguration extends SignInConfiguration {
  readonly sinks: readonly SinkConfiguration[]
  /** What in the `options` and `fields` of the sinks must not be printed. */
  readonly sinkSecrets: readonly Secret[]
  /** Files of this configuration that other users can change, or whose secrets they can read. */
  readonly fileWarnings: readonly FileWarning[]
}

export interface OrgConfiguration {
  readonly name: string
  /** The previous name of the org: what the journal has for it passes to the new name. */
  readonly formerly?: string
  readonly auth: OrgAuth
  /**
   * The name of the first org with the same authorization. Those orgs share the sign-in and the rate limit.
   */
  readonly credential: string
  /** Without a trailing slash. Checked: tokens may be sent there. */
  readonly baseUrl: string
  /** Hosts besides those of Webex that may get its access token: `host` or `host:port`. */
  readonly apiHosts: readonly string[]
  /** Whether requests follow the org to the region that Webex names. */
  readonly region: 'follow' | 'fixed'
  /** Empty: all locations. */
  readonly locations: readonly string[]
  /** How far back the first run reaches, in milliseconds. */
  readonly reachMs: number
}

/** How an org signs in. */
export type OrgAuth =
  /** With an access token that cannot be renewed. */
  { readonly kind: 'access-token'; readonly accessToken: Secret } | ClientAuth

/** With tokens that an integration or a service app gets and renews. */
export interface ClientAuth {
  readonly kind: 'client'
  readonly clientId: string
  readonly clientSecret: Secret
  /** Undefined if `cdrstream login` gets it and stores it. */
  readonly refreshToken: Secret | undefined
  /** Where tokens come from. Checked: secrets may be sent there. */
  readonly tokenUrl: string
}

export interface JournalConfiguration {
  readonly path: string
  readonly keepMs: number
  readonly maxBytes: number
  readonly minFreeDiskBytes: number
}

export interface SinkConfiguration {
  readonly name: string
  readonly sink: CheckedSink
  /** Equal while nothing of the sink has changed that matters after its first start. Not a secret. */
  readonly identity: string
  /** A number is a time of acceptance, in milliseconds since 1970. */
  readonly from: 'earliest' | 'now' | number
  /** What the sink gets of personal data. */
  readonly fields: FieldPolicy
}
