import type { Words } from '@cdrstream/core/words'
import { recoverBudgets } from '@cdrstream/engine'
import { createNodePlatform } from '@cdrstream/engine/node'
import type { Logger } from '@cdrstream/plugin'
import { builtInSinks } from '../built-in-sinks.ts'
import type { CollectConfiguration } from '../configuration/configuration.ts'
import { loadToCollect } from '../configuration/load-configuration.ts'
import { wordsOf } from '../configuration/words-of.ts'
import { createTransport, networkProblems, proxySecrets } from '../network.ts'
import { createSignIns } from '../sign-in/create-sign-ins.ts'
import { isoTime } from '../status/iso-time.ts'
import { sinkStatus } from '../status/read-status.ts'
import { showCount, showSpan } from '../status/show-amount.ts'
import { reportingOf } from '../status/state-status.ts'
import type { Terminal } from '../terminal.ts'
import { readVersion } from '../version.ts'
import { type Check, notChecked, ok, orgCheckNames, problem, type Result } from './check.ts'
import { checkDisk } from './check-disk.ts'
import { checkFiles } from './check-files.ts'
import { checkOrgs, chosenOrgs, orgChecks } from './check-orgs.ts'
import { checkSink } from './check-sink.ts'
import { type Diagnosis, diagnosisOf } from './diagnosis.ts'
import { type DoctorJournal, openDoctorJournal } from './doctor-journal.ts'
import { allNotChecked } from './judge-answer.ts'
import { judgeDelivery } from './judge-delivery.ts'

export interface ExamineOptions {
  readonly config: string
  /** The only org to check, or undefined to check the first orgs. */
  readonly org?: string | undefined
  /** Whether to wait until the rate limit allows the one request. */
  readonly wait: boolean
}

const mostCharactersOfCode = 64
const mostCharactersOfText = 1_500

type Asking = Pick<Terminal, 'variable' | 'say'>

/** Runs all checks, each after the checks that it depends on. */
export async function examine(
  options: ExamineOptions,
  terminal: Asking,
  signal: AbortSignal,
): Promise<Diagnosis> {
  const { config, org } = options
  const loaded = await loadToCollect({ file: config, builtInSinks, variable: terminal.variable })
  const found = [
    ...(loaded.kind === 'problems' ? loaded.lines.map((line) => problem('configuration', line, fix)) : []),
    ...networkProblems(terminal.variable).map((line) => problem('environment', line, fixEnvironment)),
  ]
  if (loaded.kind === 'problems' || found.length > 0) {
    return diagnosisOf(isoTime(Date.now()), { configured: 0, chosen: 0 }, [
      ...found.map((result) => ({ check: 'configuration', name: null, ...result }) as const),
      ...notReached(),
    ])
  }
  const { configuration } = loaded
  const orgs = chosenOrgs(configuration.orgs, org)
  const counts = { configured: configuration.orgs.length, chosen: orgs.length }
  if (orgs.length === 0) {
    const result = problem('org-unknown', `--org: the configuration has no org ${org}`, fix)
    const checks = [{ check: 'configuration', name: null, ...result } as const, ...notReached()]
    return diagnosisOf(isoTime(Date.now()), counts, checks)
  }
  const words = `${showCount(counts.configured, 'org')}, ${showCount(configuration.sinks.length, 'sink')}`
  const checks = [
    { check: 'configuration', name: null, ...ok('configuration', `${config}: ${words}`) } as const,
    ...(await examineConfigured(configuration, options, terminal, signal)),
  ]
  return diagnosisOf(isoTime(Date.now()), counts, checks)
}

const fix = 'Correct it and run doctor again: all other checks need it. docs/configuration.md lists the keys.'
const fixEnvironment = 'Correct this environment variable here and where the collector is started.'

function notReached(): readonly Check[] {
  const result = notChecked('not-reached', 'fix the configuration first')
  return (['files', ...orgCheckNames, 'journal', 'disk', 'sink'] as const).map((check) => ({
    check,
    name: null,
    ...result,
  }))
}

async function examineConfigured(
  configuration: CollectConfiguration,
  options: ExamineOptions,
  terminal: Asking,
  signal: AbortSignal,
): Promise<readonly Check[]> {
  const { baseDirectory, sinks } = configuration
  const platform = createNodePlatform()
  const files = checkFiles(configuration)
  const opened = await openDoctorJournal(configuration, platform.clock.nowMs)
  // Checking the orgs closes the journal.
  const delivery = await examineDelivery(configuration, opened)
  const [ofOrgs, ofSinks] = await Promise.all([
    examineOrgs(configuration, opened, options, terminal, signal),
    Promise.all(
      sinks.map(async (sink) => {
        const results = await checkSink(sink, { baseDirectory, log: silent }, signal)
        return [...results, ...(delivery.get(sink.name) ?? [])].map(
          (result): Check => ({ check: 'sink', name: sink.name, ...result }),
        )
      }),
    ),
  ])
  const checks: readonly Check[] = [
    ...files.map((result): Check => ({ check: 'files', name: null, ...result })),
    ...ofOrgs,
    { check: 'journal', name: null, ...opened.result },
    ...(opened.kind === 'journal' ? opened.more : []).map(
      (result): Check => ({ check: 'journal', name: null, ...result }),
    ),
    { check: 'disk', name: null, ...checkDisk(configuration.journal) },
    ...ofSinks.flat(),
  ]
  const words = wordsOf(configuration, proxySecrets(terminal.variable))
  return checks.map((check) => outwardCheck(check, words))
}

/** Removes secrets, because some text comes from Webex, a sink's server or a custom sink. */
function outwardCheck(check: Check, words: Words): Check {
  const { code, message, remedy } = check
  return {
    ...check,
    code: words(String(code), mostCharactersOfCode),
    message: words(String(message), mostCharactersOfText),
    remedy: remedy === null ? null : words(remedy, mostCharactersOfText),
  }
}

/** Returns the journal's delivery state of each sink, by name. */
async function examineDelivery(
  { sinks }: CollectConfiguration,
  opened: DoctorJournal,
): Promise<ReadonlyMap<string, readonly Result[]>> {
  if (opened.kind === 'problem') return new Map()
  const { journal, besideCollector, holder } = opened
  const snapshot = await journal.inspect()
  const reporting = reportingOf(await journal.states(), holder, Date.now())
  const results = sinks.map(async ({ name, sink }) => {
    const status = await sinkStatus(name, snapshot, journal, reporting)
    return [name, judgeDelivery(status, sink.traits, besideCollector, isoTime(reporting.nowMs))] as const
  })
  return new Map(await Promise.all(results))
}

/** Checks the orgs, and closes the journal. */
async function examineOrgs(
  configuration: CollectConfiguration,
  opened: DoctorJournal,
  { org, wait }: ExamineOptions,
  terminal: Asking,
  signal: AbortSignal,
): Promise<readonly Check[]> {
  const orgs = chosenOrgs(configuration.orgs, org)
  if (opened.kind === 'problem') {
    const results = allNotChecked(
      'journal-needed',
      'no request was sent: without the journal, it could not be recorded, and the rate limit could be exceeded; see journal',
    )
    return orgs.flatMap((each) => orgChecks(each, results))
  }
  const { journal, besideCollector, holder } = opened
  const platform = createNodePlatform()
  const userAgent = `cdrstream/${readVersion()}`
  const transport = createTransport(configuration, terminal.variable)
  const signIns = createSignIns(configuration, { clock: platform.clock, log: silent, userAgent, transport })
  try {
    if (!besideCollector) {
      // As a collector does on startup, because a crash can have left requests without a response.
      const credentials = configuration.orgs.map(({ credential }) => credential)
      await recoverBudgets(journal, credentials, configuration.terms, platform.clock.nowMs(), platform.boot)
    }
    return await checkOrgs(
      orgs,
      {
        configuration,
        journal,
        besideCollector,
        reporting: reportingOf(await journal.states(), holder, Date.now()),
        signIns,
        transport,
        platform,
        userAgent,
        log: silent,
        wait,
        waiting: (name, freeInMs) => terminal.say(waitingLine(name, freeInMs)),
      },
      signal,
    )
  } finally {
    // A refresh token that arrives after this process exits would be lost, and another process can renew it
    // as soon as the lock is free.
    await Promise.all([...signIns.values()].map((signIn) => signIn.idle()))
    await journal.close()
  }
}

function waitingLine(name: string, freeInMs: number | null): string {
  const when = freeInMs === null ? 'soon' : `in ${showSpan(Math.ceil(freeInMs / 1_000))}`
  return `org ${name}: waiting for the next request, available ${when} (to skip the wait: --no-wait)`
}

/** The checks already report everything. */
const silent: Logger = { debug() {}, info() {}, warn() {}, error() {} }
