import type { Words } from '@cdrstream/core'
import { recoverBudgets } from '@cdrstream/engine'
import { nodePlatform } from '@cdrstream/engine/node'
import type { Logger } from '@cdrstream/plugin'
import { builtInSinks } from '../built-in-sinks.ts'
import type { Configuration } from '../configuration/configuration.ts'
import { loadConfiguration } from '../configuration/load-configuration.ts'
import { wordsOf } from '../configuration/words-of.ts'
import { createTransport, networkProblems, proxySecrets } from '../network.ts'
import { createSignIns } from '../sign-in/create-sign-ins.ts'
import { isoTime } from '../status/iso-time.ts'
import { sinkStatus } from '../status/read-status.ts'
import { showCount, showSpan } from '../status/show-amount.ts'
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
  /** The only org to look at; undefined: all of them, up to a number. */
  readonly org?: string | undefined
  /** Whether to wait until the rate limit allows the one request. */
  readonly wait: boolean
}

const mostCharactersOfCode = 64
const mostCharactersOfText = 1_500

type Asking = Pick<Terminal, 'variable' | 'say'>

/** Looks at everything, in the order in which one thing needs another. */
export async function examine(
  options: ExamineOptions,
  terminal: Asking,
  signal: AbortSignal,
): Promise<Diagnosis> {
  const { config, org } = options
  const loaded = await loadConfiguration({
    file: config,
    builtInSinks,
    variable: terminal.variable,
    purpose: 'collect',
  })
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

const fix =
  'Correct it, and run doctor again: everything else needs it. docs/configuration.md lists the keys.'
const fixEnvironment = 'Correct this environment variable, also where the collector is started.'

function notReached(): readonly Check[] {
  const result = notChecked('not-reached', 'the configuration comes first')
  return (['files', ...orgCheckNames, 'journal', 'disk', 'sink'] as const).map((check) => ({
    check,
    name: null,
    ...result,
  }))
}

async function examineConfigured(
  configuration: Configuration,
  options: ExamineOptions,
  terminal: Asking,
  signal: AbortSignal,
): Promise<readonly Check[]> {
  const { baseDirectory, sinks } = configuration
  const platform = nodePlatform()
  const files = checkFiles(configuration)
  const opened = await openDoctorJournal(configuration, platform.clock.nowMs)
  // The journal is closed when the orgs have been looked at.
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

/** Some of the texts are those of Webex, of a sink's server or of a custom sink. */
function outwardCheck(check: Check, words: Words): Check {
  const { code, message, remedy } = check
  return {
    ...check,
    code: words(String(code), mostCharactersOfCode),
    message: words(String(message), mostCharactersOfText),
    remedy: remedy === null ? null : words(remedy, mostCharactersOfText),
  }
}

/** Returns what the journal knows of the delivery to each sink, by name. */
async function examineDelivery(
  { sinks }: Configuration,
  opened: DoctorJournal,
): Promise<ReadonlyMap<string, readonly Result[]>> {
  if (opened.kind === 'problem') return new Map()
  const { journal, besideCollector } = opened
  const snapshot = await journal.inspect()
  const results = sinks.map(async ({ name, sink }) => {
    const status = await sinkStatus(name, snapshot, journal, Date.now())
    return [name, judgeDelivery(status, sink.traits, besideCollector)] as const
  })
  return new Map(await Promise.all(results))
}

/** And closes the journal. */
async function examineOrgs(
  configuration: Configuration,
  opened: DoctorJournal,
  { org, wait }: ExamineOptions,
  terminal: Asking,
  signal: AbortSignal,
): Promise<readonly Check[]> {
  const orgs = chosenOrgs(configuration.orgs, org)
  if (opened.kind === 'problem') {
    const results = allNotChecked(
      'journal-needed',
      'not asked: without the journal nobody remembers the request, and the limit could be broken; see journal',
    )
    return orgs.flatMap((each) => orgChecks(each, results))
  }
  const { journal, besideCollector } = opened
  const platform = nodePlatform()
  const userAgent = `cdrstream/${readVersion()}`
  const transport = createTransport(configuration, terminal.variable)
  const signIns = createSignIns(configuration, { clock: platform.clock, log: silent, userAgent, transport })
  try {
    if (!besideCollector) {
      // As a collector that starts: a crash may have left requests unanswered, which nobody waits for any
      // more.
      const credentials = configuration.orgs.map(({ credential }) => credential)
      await recoverBudgets(journal, credentials, configuration.terms, platform.clock.nowMs(), platform.boot)
    }
    return await checkOrgs(
      orgs,
      {
        configuration,
        journal,
        besideCollector,
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
    // A refresh token that comes after the end of the process would be lost, and another process may renew
    // when the lock is let go.
    await Promise.all([...signIns.values()].map((signIn) => signIn.idle()))
    await journal.close()
  }
}

function waitingLine(name: string, freeInMs: number | null): string {
  const when = freeInMs === null ? 'soon' : `in ${showSpan(Math.ceil(freeInMs / 1_000))}`
  return `org ${name}: the next request is free ${when}: waiting (--no-wait does not)`
}

/** What is found is said in the checks. */
const silent: Logger = { debug() {}, info() {}, warn() {}, error() {} }
