import type { Command } from 'commander'
import type { ArgumentAction } from './command-action.ts'

const description = [
  'Runs the conformance checks that every sink must pass. The sink is a built-in sink, a path such as ./my-sink.ts, or an installed package. Prints a line for each check, and whether the sink is certified.',
  "A sink's certification provides the checks with options for the sink, and with ways to read back what the sink wrote and to break and heal its destination. It is the file that --with names, or NAME.certification.ts, .mjs or .js beside the sink's file, or the export `certification` of its module. Without a certification, only the checks that need nothing but the sink are run.",
  'The checks write test records, break the destination, and delete it when they are done. They run in places that the certification creates for them. Any other place, such as one given with --options, is refused without --erase.',
  'Exits with code 0 if every check passed, 1 if a check failed or could not run, and 2 if no check was started.',
].join('\n\n')

export function addCertify(program: Command, action: ArgumentAction): void {
  program
    .command('certify')
    .summary('run the conformance checks against a sink')
    .description(description)
    .argument(
      '<plugin>',
      'the sink, as in `use` in the configuration; a path is relative to the current directory',
    )
    .option('--with <file>', 'the certification file')
    .option(
      '--options <json>',
      "sink options that replace the certification's options; visible in the process list, so use --options-file for secrets",
    )
    .option('--options-file <file>', 'the same, from a JSON file; - reads standard input')
    .option('--erase', 'allow the checks to write to, break and delete the place that the options name')
    .option(
      '--only <check>',
      'run only this check; can be repeated',
      (name: string, before: readonly string[]) => [...before, name],
      [],
    )
    .action(action)
}
