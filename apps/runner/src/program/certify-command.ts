import { type Command, InvalidArgumentError } from 'commander'
import type { ArgumentAction } from './command-action.ts'

const description = [
  'Runs the checks that every sink must pass against a sink: a built-in one, a path such as ./my-sink.ts, or a package that can be found from here. A line for each check, and whether the sink is certified.',
  'What the checks have to know (options, how to read back, how to break and heal what it writes to) is in its certification: --with FILE, else NAME.certification.ts, .mjs or .js beside the file of the sink, else the export `certification` of its module. Without any, only what needs the sink alone is checked.',
  'It writes to where the options of the certification point. Ends with code 0 if every check has passed, 1 if one has failed or could not run, 2 if there is no such sink.',
].join('\n\n')

export function addCertify(program: Command, action: ArgumentAction): void {
  program
    .command('certify')
    .summary('run the conformance checks against a sink')
    .description(description)
    .argument('<plugin>', 'the sink, as in `use` of the configuration; a path is meant from here')
    .option('--with <file>', 'the file of the certification')
    .option('--options <json>', 'options of the sink; they replace those of the certification', objectValue)
    .action(action)
}

function objectValue(text: string): object {
  const value = parsed(text)
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value
  throw new InvalidArgumentError('Expected a JSON object, such as \'{ "url": "http://127.0.0.1:8080" }\'.')
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
