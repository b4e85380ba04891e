import type { Platform } from '@cdrstream/engine'
import type { SqliteJournal } from '@cdrstream/journal-sqlite'
import type { Logger } from '@cdrstream/plugin'
import type { Transport } from '@cdrstream/source-webex'
import type { Configuration, OrgConfiguration } from '../configuration/configuration.ts'
import { orgSource } from '../engine-setup.ts'
import { orgScope } from '../org-scope.ts'
import type { SignIns } from '../sign-in/create-sign-ins.ts'
import { isoTime } from '../status/iso-time.ts'
import { signInStatus } from '../status/sign-in-status.ts'
import { type Reporting, stateStatus } from '../status/state-status.ts'
import { askOnce, askTimeoutMs } from './ask-once.ts'
import { type Result, warning } from './check.ts'
import { judgeAnswer, judgeNoToken, type OrgResults } from './judge-answer.ts'
import { judgeCollector } from './judge-collector.ts'
import { judgeNotAsked } from './judge-not-asked.ts'
import { judgeSignIn } from './judge-sign-in.ts'
import { judgeState } from './judge-state.ts'

export interface OrgMeans {
  readonly configuration: Configuration
  readonly journal: SqliteJournal
  readonly besideCollector: boolean
  readonly reporting: Reporting
  readonly signIns: SignIns
  readonly transport: Transport
  readonly platform: Platform
  readonly userAgent: string
  readonly log: Logger
  /** Whether to wait until the budget allows the request. */
  readonly wait: boolean
  readonly waiting: (org: string, freeInMs: number | null) => void
}

/**
 * Checks an org with one request or, where a request could do harm, by the data that the collector has
 * stored.
 */
export async function checkOrg(
  org: OrgConfiguration,
  means: OrgMeans,
  signal: AbortSignal,
): Promise<OrgResults> {
  const reported = reportedTrouble(org, means)
  if (means.besideCollector && org.auth.kind === 'client') return askJournal(org, means, reported)
  const results = await askWebex(org, means, signal)
  if (reported === undefined || results.connection.level !== 'ok') return results
  const message = `it works now, but ${reported.message}`
  return { ...results, connection: warning(reported.code, message, resumes) }
}

const resumes = 'If you have just fixed the problem, the collector resumes automatically at its next attempt.'

/** Excluded because the rate limit has a separate check. */
const limitCodes: ReadonlySet<string> = new Set(['rate-limited', 'credential-shared'])

function reportedTrouble({ name }: OrgConfiguration, { reporting }: OrgMeans): Result | undefined {
  const found = judgeState(stateStatus('org', name, reporting), isoTime(reporting.nowMs))
  return found === undefined || limitCodes.has(found.code) ? undefined : found
}

async function askJournal(
  org: OrgConfiguration,
  means: OrgMeans,
  reported: Result | undefined,
): Promise<OrgResults> {
  const { configuration, journal, platform } = means
  const nowMs = platform.clock.nowMs()
  return judgeCollector({
    signIn: await signInStatus(configuration, org, nowMs),
    progress: await journal.progress(orgScope(org)),
    budget: await journal.budget(org.credential),
    terms: configuration.terms,
    nowMs,
    reported,
  })
}

async function askWebex(org: OrgConfiguration, means: OrgMeans, signal: AbortSignal): Promise<OrgResults> {
  const { configuration, journal, besideCollector, platform, userAgent, log, wait } = means
  const signIn = means.signIns.get(org.credential)
  if (signIn === undefined) throw new Error('a credential without a sign-in')
  let { host } = new URL(org.baseUrl)
  const transport: Transport = (request) => {
    host = new URL(request.url).host
    return means.transport(request)
  }
  const timeoutMs = askTimeoutMs(configuration.terms)
  const source = orgSource(org, configuration, {
    signIn,
    clock: platform.clock,
    log,
    userAgent,
    transport,
    timeouts: { headersMs: timeoutMs, bodyMs: timeoutMs },
  })
  const asked = await askOnce(
    {
      journal,
      credential: org.credential,
      source,
      terms: configuration.terms,
      platform,
      besideCollector,
      wait,
      waiting: (freeInMs) => means.waiting(org.name, freeInMs),
    },
    signal,
  )
  switch (asked.kind) {
    case 'not-asked':
      return judgeNotAsked(asked)
    case 'no-token':
      return judgeNoToken(asked.answer)
    case 'answered': {
      const results = judgeAnswer({ ...asked, host })
      const more = results.token.level === 'ok' ? judgeSignIn(signIn, platform.clock.nowMs()) : undefined
      return more === undefined ? results : { ...results, token: more }
    }
  }
}
