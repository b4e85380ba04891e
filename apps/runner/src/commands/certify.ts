import { createWords, type Words } from '@cdrstream/core'
import { runSinkChecks, type SinkCertification, sinkChecks } from '@cdrstream/testkit'
import { builtInSinks } from '../built-in-sinks.ts'
import { findCertification } from '../certify/find-certification.ts'
import { showResult, showVerdict } from '../certify/show-result.ts'
import { optionSecrets } from '../configuration/option-secrets.ts'
import { pathText } from '../configuration/place.ts'
import { type ExitCode, exitCodes } from '../exit-code.ts'
import { checkSinkOptions, issuePath, unknownKeys } from '../sinks/check-sink-options.ts'
import { type FoundSink, findSink } from '../sinks/find-sink.ts'
import type { AnyPlugin } from '../sinks/read-sink-plugin.ts'
import type { Terminal } from '../terminal.ts'

export interface CertifyOptions {
  readonly plugin: string
  /** The file of the certification. */
  readonly with?: string
  /** Options of the sink, as in the configuration: they replace those of the certification. */
  readonly options?: object
}

/** What a certification has left open is not worth waiting for. */
const longestEndMs = 1_000

/** `cdrstream certify`: runs the checks that every sink must pass, and says which did not. */
export async function certify(options: CertifyOptions, terminal: Terminal): Promise<ExitCode> {
  const sink = await findSink(options.plugin, process.cwd(), builtInSinks)
  if (sink.kind === 'problem') {
    const { expected, reason, code } = sink
    terminal.say(`${options.plugin}: expected ${expected}: ${wordsFor(options.options)(reason)} [${code}]`)
    return exitCodes.usage
  }
  const certification = await certificationOf(sink, options, terminal)
  if (certification === undefined) return exitCodes.usage
  const exitCode = await runChecks(sink, certification, terminal)
  setTimeout(() => terminal.exit(exitCode), longestEndMs).unref()
  return exitCode
}

async function certificationOf(
  sink: FoundSink,
  { plugin: named, with: file, options }: CertifyOptions,
  terminal: Terminal,
): Promise<SinkCertification | undefined> {
  const found = await findCertification(sink, file)
  switch (found.kind) {
    case 'problem':
      terminal.say(found.line)
      return undefined
    case 'certification':
      terminal.print(`${sink.plugin.name}, with ${found.from}\n\n`)
      return { ...module(sink), ...found.certification, ...(options === undefined ? {} : { options }) }
    case 'none': {
      const given = options ?? {}
      const lines = await optionLines(sink.plugin, given)
      for (const line of lines) terminal.say(`${named}: ${line} (--options JSON gives them)`)
      if (lines.length > 0) return undefined
      const looked = found.looked.length === 0 ? '' : `; looked for ${found.looked.join(', ')}`
      terminal.print(
        `${sink.plugin.name}, without a certification (--with FILE names one${looked}):\n` +
          'what a reader of the sink would see cannot be checked\n\n',
      )
      return { ...module(sink), options: given }
    }
  }
}

/** For the words of the sink. Options that are made for each check are not known here. */
function wordsFor(options: unknown): Words {
  return createWords(optionSecrets(options, []).map((secret) => secret.reveal()))
}

/** What processes that are killed import. */
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
    return `${subject}: ${wordsFor(options)(message)} [sink-bad-options]`
  })
}

async function runChecks(
  { plugin }: FoundSink,
  certification: SinkCertification,
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
  const report = await runSinkChecks(checks, {
    onResult: (result) => terminal.print(showResult(result, words)),
  })
  terminal.print(showVerdict(plugin.name, report))
  return report.certified ? exitCodes.done : exitCodes.failed
}
