import { createWords, type Words } from '@cdrstream/core/words'
import { mayUsePlace, runSinkChecks, type SinkCertification, sinkChecks } from '@cdrstream/testkit'
import { builtInSinks } from '../built-in-sinks.ts'
import { type FoundCertification, findCertification } from '../certify/find-certification.ts'
import { type OptionsSource, readGivenOptions } from '../certify/read-given-options.ts'
import { showResult, showVerdict } from '../certify/show-result.ts'
import { nearestWord } from '../configuration/nearest-word.ts'
import { optionSecrets } from '../configuration/option-secrets.ts'
import { pathText } from '../configuration/place.ts'
import { type ExitCode, exitCodes } from '../exit-code.ts'
import { checkSinkOptions, issuePath, unknownKeys } from '../sinks/check-sink-options.ts'
import { type FoundSink, findSink } from '../sinks/find-sink.ts'
import type { AnyPlugin } from '../sinks/read-sink-plugin.ts'
import type { Terminal } from '../terminal.ts'

export interface CertifyOptions extends OptionsSource {
  readonly plugin: string
  /** The certification file. */
  readonly with?: string
  /** Whether the checks may destroy the destination that the options name. */
  readonly erase?: boolean
  /** The names of the checks to run. Default: all. */
  readonly only?: readonly string[]
}

/** How long to wait for resources that a certification has left open. */
const longestEndMs = 1_000

/** `cdrstream certify`: runs the checks that every sink must pass and reports the results. */
export async function certify(options: CertifyOptions, terminal: Terminal): Promise<ExitCode> {
  if (options.options !== undefined && options.optionsFile !== undefined) {
    terminal.say('expected --options or --options-file, found both [certify-options]')
    return exitCodes.usage
  }
  const given = await readGivenOptions(options, terminal)
  if (given.kind === 'problem') {
    terminal.say(given.line)
    return exitCodes.usage
  }
  // Created before any sink code runs, because the sink's errors, including late ones, can quote the options.
  const words = wordsFor(given.options)
  const sink = await findSink(options.plugin, process.cwd(), builtInSinks)
  if (sink.kind === 'problem') {
    const { expected, reason, code } = sink
    terminal.say(`${options.plugin}: expected ${expected}: ${words(reason)} [${code}]`)
    return exitCodes.usage
  }
  const certification = await certificationOf(sink, options, given.options, terminal)
  if (certification === undefined) return exitCodes.usage
  const exitCode = await runChecks(sink, certification, options.only ?? [], terminal)
  setTimeout(() => terminal.exit(exitCode), longestEndMs).unref()
  return exitCode
}

async function certificationOf(
  sink: FoundSink,
  { plugin: named, with: file, erase }: CertifyOptions,
  options: object | undefined,
  terminal: Terminal,
): Promise<SinkCertification | undefined> {
  const found = await findCertification(sink, file)
  if (found.kind === 'problem') {
    terminal.say(found.line)
    return undefined
  }
  const certification: SinkCertification = {
    ...module(sink),
    ...(found.kind === 'none' ? { options: {} } : found.certification),
    ...(options !== undefined && { options, erase: false }),
    ...(erase === true && { erase }),
  }
  if (found.kind === 'none') {
    const lines = await optionLines(sink.plugin, options ?? {})
    for (const line of lines) terminal.say(`${named}: ${line} (set options with --options or --options-file)`)
    if (lines.length > 0) return undefined
  }
  if (!mayUsePlace(certification)) {
    terminal.say(placeLine(found, options))
    return undefined
  }
  terminal.print(headline(sink.plugin.name, found))
  return certification
}

function placeLine(found: FoundCertification, options: object | undefined): string {
  const subject =
    found.kind === 'certification' && options === undefined
      ? `${found.from}: \`options\` points to a destination`
      : 'the options point to a destination'
  return (
    `${subject} that the certification did not create. The checks write test records to it, break it, and may ` +
    'delete it. If you can lose everything in it, add --erase [certify-place]'
  )
}

function headline(sinkName: string, found: FoundCertification): string {
  if (found.kind === 'certification') return `${sinkName}, with ${found.from}\n\n`
  const looked =
    found.kind === 'none' && found.looked.length > 0 ? `; looked for ${found.looked.join(', ')}` : ''
  return (
    `${sinkName}, without a certification (to name one: --with FILE${looked}):\n` +
    'the checks cannot read back what the sink has written\n\n'
  )
}

/** Hides the secrets in the given options. Options that a check creates for itself are unknown here. */
function wordsFor(options: unknown): Words {
  return createWords(optionSecrets(options, []).map((secret) => secret.reveal()))
}

/** The module imported by the processes that a check kills. */
function module({ url }: FoundSink): Pick<SinkCertification, 'module'> {
  return url === undefined ? {} : { module: url }
}

async function optionLines(plugin: AnyPlugin, options: object): Promise<readonly string[]> {
  const checked = await checkSinkOptions(plugin, options)
  if (checked.kind === 'sink') return []
  return checked.issues.map((issue) => {
    const keys = unknownKeys(issue)
    const message = keys.length > 0 ? `unknown ${keys.join(', ')}` : issue.message
    const subject = pathText(['options', ...issuePath(issue)], () => true)
    const words = wordsFor(options)
    return `${words(subject)}: ${words(message)} [sink-bad-options]`
  })
}

async function runChecks(
  { plugin }: FoundSink,
  certification: SinkCertification,
  only: readonly string[],
  terminal: Terminal,
): Promise<ExitCode> {
  let checks: ReturnType<typeof sinkChecks>
  try {
    checks = sinkChecks(plugin, certification)
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
    terminal.say(`the certification of ${plugin.name}: ${error.message} [certification-wrong-export]`)
    return exitCodes.usage
  }
  const words = wordsFor(certification.options)
  const names = checks.map(({ name }) => name)
  const unknown = only.filter((name) => !names.includes(name))
  for (const name of unknown) terminal.say(unknownCheck(name, names))
  if (unknown.length > 0) return exitCodes.usage
  const chosen = only.length === 0 ? checks : checks.filter(({ name }) => only.includes(name))
  const report = await runSinkChecks(chosen, {
    onResult: (result) => terminal.print(showResult(result, words)),
  })
  terminal.print(showVerdict(plugin.name, report, checks.length - chosen.length))
  return report.certified ? exitCodes.done : exitCodes.failed
}

function unknownCheck(name: string, names: readonly string[]): string {
  const near = nearestWord(name, names)
  const hint = near === undefined ? '' : `did you mean ${near}? `
  return `--only: expected a check of this sink, found ${name}: ${hint}the checks are ${names.join(', ')} [check-not-found]`
}
