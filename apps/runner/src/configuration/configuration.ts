import type { Terms } from '@cdrstream/core'
import type { CheckedSink } from '../sinks/check-sink-options.ts'
import type { Secret } from './secret.ts'

/** A configuration that was checked: all defaults are in it, all paths are absolute. */
export interface Configuration {
  readonly orgs: readonly OrgConfiguration[]
  readonly journal: JournalConfiguration
  /** Empty if the configuration was loaded to look only. */
  readonly sinks: readonly SinkConfiguration[]
  /** What in the options of the sinks must not be printed. */
  readonly sinkSecrets: readonly Secret[]
  readonly sinkNames: readonly string[]
  readonly terms: Terms
  /** The directory of the configuration file: what relative paths in it are meant from. */
  readonly baseDirectory: string
}

export interface OrgConfiguration {
  readonly name: string
  readonly accessToken: Secret
  /** The name of the first org with the same authorization: the rate limit is theirs together. */
  readonly credential: string
  /** Without a slash at its end. */
  readonly baseUrl: string
  /** Empty: all locations. */
  readonly locations: readonly string[]
  /** How far back the first run reaches, in milliseconds. */
  readonly reachMs: number
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
  /** A number is a time of acceptance, in milliseconds. */
  readonly from: 'earliest' | 'now' | number
}
