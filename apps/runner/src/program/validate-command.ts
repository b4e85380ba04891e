import type { Command } from 'commander'
import type { CommandAction } from './command-action.ts'

const description = [
  'Checks a configuration without running it: syntax, keys, values, and the options of each sink. Prints one line for each problem: where it is, what is expected, and what was found.',
  'Needs no network and no secrets, and creates nothing, so it can run anywhere, as in CI. A value that contains a missing variable or file is not checked. A custom sink must be installed here: its module is loaded to check its options. To check everything else, run cdrstream doctor on the machine that collects.',
].join('\n\n')

const after = `
Exits with code 0 if the configuration is valid, and 2 if it is not.`

export function addValidate(program: Command, action: CommandAction): void {
  program
    .command('validate')
    .summary('check the configuration, offline and without secrets')
    .description(description)
    .option('--json', 'print JSON for machines; docs/commands.md describes the stable format')
    .addHelpText('after', after)
    .action(action)
}
