import type { Command } from 'commander'
import { builtInSinks } from '../built-in-sinks.ts'
import { bashScript } from '../completion/bash-script.ts'
import { commandTree } from '../completion/command-tree.ts'
import { fishScript } from '../completion/fish-script.ts'
import { zshScript } from '../completion/zsh-script.ts'
import { type ExitCode, exitCodes } from '../exit-code.ts'
import type { Terminal } from '../terminal.ts'

export interface CompletionOptions {
  readonly shell: keyof typeof scripts
}

const scripts = { bash: bashScript, zsh: zshScript, fish: fishScript }

/** `cdrstream completion`: prints the script that completes this program's commands in a shell. */
export async function completion(
  { shell }: CompletionOptions,
  program: Command,
  terminal: Pick<Terminal, 'print'>,
): Promise<ExitCode> {
  terminal.print(scripts[shell](commandTree(program, [...builtInSinks.keys()])))
  return exitCodes.done
}
