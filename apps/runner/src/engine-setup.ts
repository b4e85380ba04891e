import type { Clock, EngineOptions, OrgSetup, Platform, SinkSetup, Source } from '@cdrstream/engine'
import type { Logger } from '@cdrstream/plugin'
import {
  createWebexSource,
  type SignIn,
  type Transport,
  type WebexSourceOptions,
} from '@cdrstream/source-webex'
import type {
  CollectConfiguration,
  Configuration,
  OrgConfiguration,
  SinkConfiguration,
} from './configuration/configuration.ts'
import { createSink } from './create-sink.ts'
import { withFields } from './log/with-fields.ts'
import { orgScope } from './org-scope.ts'
import { regionFile, regionPath } from './region/region-file.ts'
import type { SignIns } from './sign-in/create-sign-ins.ts'

/** Creates a configuration's sources and sinks. Does no I/O. */
export function engineSetup(
  configuration: CollectConfiguration,
  signIns: SignIns,
  platform: Platform,
  log: Logger,
  { userAgent, transport }: { readonly userAgent: string; readonly transport: Transport },
): Pick<EngineOptions, 'orgs' | 'sinks' | 'terms' | 'platform' | 'log'> {
  return {
    orgs: configuration.orgs.map((org) => {
      const signIn = signIns.get(org.credential)
      if (signIn === undefined) throw new Error('a credential without a sign-in')
      return orgSetup(org, configuration, { signIn, clock: platform.clock, log, userAgent, transport })
    }),
    sinks: configuration.sinks.map((sink) => sinkSetup(sink, configuration.baseDirectory, log)),
    terms: configuration.terms,
    platform,
    log,
  }
}

export interface SourceMeans extends Pick<WebexSourceOptions, 'timeouts'> {
  readonly signIn: SignIn
  readonly clock: Clock
  readonly log: Logger
  readonly userAgent: string
  readonly transport: Transport
}

/** Creates the source that reads an org's records. */
export function orgSource(org: OrgConfiguration, configuration: Configuration, means: SourceMeans): Source {
  const { name, baseUrl, apiHosts, region, locations } = org
  const { journal } = configuration
  const { log, ...rest } = means
  return createWebexSource({
    baseUrl,
    allowedHosts: apiHosts,
    region,
    regionStore: regionFile(regionPath(journal.path, name), name, log),
    locations,
    ...rest,
  })
}

function orgSetup(org: OrgConfiguration, configuration: Configuration, means: SourceMeans): OrgSetup {
  const { name, credential, reachMs } = org
  return {
    name,
    scope: orgScope(org),
    credential,
    source: orgSource(org, configuration, means),
    reachMs,
  }
}

/** Creates a sink of a configuration. No I/O. */
export function sinkSetup(configuration: SinkConfiguration, baseDirectory: string, log: Logger): SinkSetup {
  const { name, sink, from, fields } = configuration
  const context = { name, baseDirectory, log: withFields(log, { sink: name }) }
  return { name, sink: createSink(sink, context), traits: sink.traits, from, fields }
}
