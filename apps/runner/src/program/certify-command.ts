import type { Command } from 'commander'
import type { ArgumentAction } from './command-action.ts'

const description = [
  'Runs the checks that every sink must pass against a sink: a built-in one, a path such as ./my-sink.ts, or a package that can be found from here. Prints a line for each check, and whether the sink is certified.',
  'What the checks have to know (options, how to read back, how to break and heal what it writes to) is in its certification: --with FILE, else NAME.certification.ts, .mjs or .js beside the file of the sink, else the export `certification` of its module. Without any, only what needs the sink alone is checked.',
  'The checks write test records, break the destination, and remove it behind them. They run in places that the certification makes for them. A place that it did not make, as given by --options, is refused without --erase.',
  'Exits with code 0 if every check has passed, 1 if one has failed or could not run, 2 if nothing was run.',
].join('\n\n')

export function addCertify(program: Command, action: ArgumentAction): void {
  program
    .command('certify')
    .summary('run the conformance checks against a sink')
    .description(description)
    .argument('<plugin>', 'the sink, as in `use` of the configuration; a path is relative to this directory')
    .option('--with <file>', 'the file of the certification')
    .option(
      '--options <json>',
      'options of the sink, instead of those of the certification; every user of this machine can see them in the process list: use --options-file for secrets',
    )
    .option('--options-file <file>', 'the same from a file (JSON); - reads standard input')
    .option('--erase', 'allow the checks to write to, break and delete what the given options point at')
    .option(
      '--only <check>',
      'run this check alone; can be repeated',
      (name: string, before: readonly string[]) => [...before, name],
      [],
    )
    .action(action)
}
