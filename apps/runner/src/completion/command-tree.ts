import type { Argument, Command, Option } from 'commander'

/** A command as a shell completes it. */
export interface CompletedCommand {
  /** Such as `run`; empty for cdrstream itself. */
  readonly name: string
  /** A one-line description. */
  readonly summary: string
  readonly commands: readonly CompletedCommand[]
  /** The command's options, including those that every command has. */
  readonly options: readonly CompletedOption[]
  /** The values of its argument, or undefined if it has none. */
  readonly argument: Values | undefined
}

export interface CompletedOption {
  /** `--config`, and `-c` if there is a short one. */
  readonly flags: readonly string[]
  readonly description: string
  /** The values it accepts, or undefined for an option without a value. */
  readonly value: Values | undefined
}

/** The possible values of an option or argument. */
export type Values =
  /** One of these words or, if `orFile` is set, a file. */
  | { readonly kind: 'words'; readonly words: readonly string[]; readonly orFile: boolean }
  | { readonly kind: 'files' | 'directories' }
  /** A name from the configuration. */
  | { readonly kind: 'names'; readonly of: NameKind }
  /** Anything: a shell cannot complete it. */
  | { readonly kind: 'text' }

/** Names in the configuration. */
export type NameKind = 'orgs' | 'sinks'

/**
 * Returns the command tree that a shell can complete, from commander's commands. `builtIn` contains the names
 * of the built-in sinks.
 */
export function commandTree(program: Command, builtIn: readonly string[]): CompletedCommand {
  return readCommand(program, '', [], builtIn)
}

function readCommand(
  command: Command,
  name: string,
  inherited: readonly CompletedOption[],
  builtIn: readonly string[],
): CompletedCommand {
  const help = command.createHelp()
  const options = [...help.visibleOptions(command).map(readOption), ...inherited]
  // Only cdrstream itself has --version, and each command has its own --help.
  const passedOn = options.filter(({ flags }) => !flags.includes('--version') && !flags.includes('--help'))
  const [argument] = command.registeredArguments
  return {
    name,
    summary: command.summary() || command.description(),
    commands: help
      .visibleCommands(command)
      .map((inner) => readCommand(inner, inner.name(), passedOn, builtIn)),
    options,
    argument: argument && valuesOfArgument(argument, builtIn),
  }
}

function readOption(option: Option): CompletedOption {
  const { short, long, description } = option
  return {
    flags: [long, short].filter((flag) => flag !== undefined),
    description,
    value: option.required || option.optional ? valuesOfOption(option) : undefined,
  }
}

function valuesOfOption({ argChoices, long, flags }: Option): Values {
  if (argChoices !== undefined) return { kind: 'words', words: argChoices, orFile: false }
  if (long === '--org') return { kind: 'names', of: 'orgs' }
  if (long === '--sink') return { kind: 'names', of: 'sinks' }
  if (flags.endsWith('<file>')) return { kind: 'files' }
  return { kind: long === '--directory' ? 'directories' : 'text' }
}

function valuesOfArgument(argument: Argument, builtIn: readonly string[]): Values {
  if (argument.argChoices !== undefined) return { kind: 'words', words: argument.argChoices, orFile: false }
  switch (argument.name()) {
    case 'plugin':
      return { kind: 'words', words: builtIn, orFile: true }
    case 'file':
      return { kind: 'files' }
    default:
      return { kind: 'text' }
  }
}

export interface PlacedCommand {
  readonly command: CompletedCommand
  /**
   * The names from the outermost command to this one, such as `['quarantine', 'list']`; empty for cdrstream
   * itself.
   */
  readonly path: readonly string[]
}

/** Returns the command and all its subcommands, each with its path. */
export function allCommands(
  command: CompletedCommand,
  path: readonly string[] = [],
): readonly PlacedCommand[] {
  const inner = command.commands.flatMap((each) => allCommands(each, [...path, each.name]))
  return [{ command, path }, ...inner]
}
