import { Argument, type Command } from 'commander'
import type { ArgumentAction } from './command-action.ts'

const description = [
  "Prints a script that completes commands, options, and the names of orgs and sinks in your shell. It is generated from this version's commands, so after an update, new shells complete the new commands.",
].join('\n\n')

const after = `
To use it, add one line to the file that your shell reads at startup:
  ~/.bashrc                   source <(cdrstream completion bash)
  ~/.zshrc, after compinit    source <(cdrstream completion zsh)
  ~/.config/fish/config.fish  cdrstream completion fish | source`

/** The scripts call `complete-names` to list the names in the configuration. */
export function addCompletion(program: Command, action: ArgumentAction, names: ArgumentAction): void {
  program
    .command('completion')
    .summary('print a script that completes commands in your shell')
    .description(description)
    .addArgument(new Argument('<shell>', 'your shell').choices(['bash', 'zsh', 'fish']))
    .addHelpText('after', after)
    .action(action)
  program
    .command('complete-names', { hidden: true })
    .addArgument(new Argument('<kind>').choices(['orgs', 'sinks']))
    .action(names)
}
