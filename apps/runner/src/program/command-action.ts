import type { Command } from 'commander'

/** The function that commander calls to run a command. */
export type CommandAction = (options: unknown, command: Command) => Promise<void>

/** The function that commander calls to run a command with one argument. */
export type ArgumentAction = (argument: string, options: unknown, command: Command) => Promise<void>
