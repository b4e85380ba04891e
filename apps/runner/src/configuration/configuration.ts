import type { FieldPolicy, Terms } from '@cdrstream/core'
import type { FileWarning } from '@cdrstream/core/file-trust'
import type { CheckedSink } from '../sinks/check-sink-options.ts'
import type { Certificate } from './read-certificate.ts'
import type { Secret } from './secret.ts'

/** The part of a configuration that every command needs: checked, with all defaults and absolute paths. */
export interface Configuration {
  /** If the configuration was loaded only for reading, a secret can be the unresolved text `${…}`. */
  readonly orgs: readonly OrgConfiguration[]
  readonly journal: JournalConfiguration
  readonly sinkNames: readonly string[]
  /** Undefined: no HTTP server. */
  readonly http?: HttpConfiguration | undefined
  /** Additional hosts, besides Webex's, that may receive tokens and secrets: `host` or `host:port`. */
  readonly allowedHosts: readonly string[]
  readonly terms: Terms
  /** The directory of the configuration file, from which relative paths start. */
  readonly baseDirectory: string
}

/** A configuration that is complete enough to sign in. */
export interface SignInConfiguration extends Configuration {
  /** CA certificates (PEM) that are trusted in addition to the system's, or undefined if there are none. */
  readonly authorities: string | undefined
}

/** A configuration that is complete enough to collect and deliver. */
export interface CollectConfiguration extends SignInConfiguration {
  readonly sinks: readonly SinkConfiguration[]
  /** The certificate and key from `http.tls`. */
  readonly certificate: Certificate | undefined
  /** The secrets in the sinks' `options` and `fields`, which must not be printed. */
  readonly sinkSecrets: readonly Secret[]
  /** Files of this configuration that other users can change, or whose secrets they can read. */
  readonly fileWarnings: readonly FileWarning[]
}

export interface OrgConfiguration {
  readonly name: string
  /** The org's previous name, whose journal data passes to the new name. */
  readonly formerly?: string
  readonly auth: OrgAuth
  /**
   * The name of the first org with the same authorization. These orgs share the sign-in and the rate limit.
   */
  readonly credential: string
  /** Without a trailing slash. Checked, so that tokens may be sent there. */
  readonly baseUrl: string
  /** Additional hosts, besides Webex's, that may receive its access token: `host` or `host:port`. */
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

/** With tokens that an integration or a service app obtains and renews. */
export interface ClientAuth {
  readonly kind: 'client'
  readonly clientId: string
  readonly clientSecret: Secret
  /** Undefined if `cdrstream login` obtains and stores it. */
  readonly refreshToken: Secret | undefined
  /** Where tokens come from. Checked, so that secrets may be sent there. */
  readonly tokenUrl: string
}

export interface JournalConfiguration {
  readonly path: string
  readonly keepMs: number
  readonly maxBytes: number
  readonly minFreeDiskBytes: number
}

/** The HTTP server. */
export interface HttpConfiguration {
  /** An IP address or a host name, in lower case. */
  readonly host: string
  /** 0: any free port. */
  readonly port: number
  /** Undefined only on a loopback address. */
  readonly token?: Secret
  readonly tls?: { readonly certPath: string; readonly keyPath: string }
  /** Whether a reverse proxy terminates TLS. */
  readonly behindProxy: boolean
  /** Additional names that clients use for the server, in lower case: `host` or `host:port`. */
  readonly allowedHosts: readonly string[]
}

export interface SinkConfiguration {
  readonly name: string
  readonly sink: CheckedSink
  /** Equal while nothing of the sink has changed that matters after its first start. Not a secret. */
  readonly identity: string
  /** A number is a time of acceptance, in milliseconds since 1970. */
  readonly from: 'earliest' | 'now' | number
  /** Which personal data the sink receives. */
  readonly fields: FieldPolicy
}
