import type { Command } from 'commander'

/** The function that commander calls to run a command. */
export type CommandAction = (options: unknown, command: Command) => Promise<void>

/** The function that commander calls to run a command with one argument. */
export type ArgumentAction = (argument: string, options: unknown, command: Command) => Promise<void>

/** The same, for a command with any number of arguments. */
export type ListAction = (numbers: readonly number[], options: unknown, command: Command) => Promise<void>
