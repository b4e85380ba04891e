import type { Command } from 'commander'

/** What commander calls when a command was chosen. */
export type CommandAction = (options: unknown, command: Command) => Promise<void>

/** The same for a command with one argument. */
export type ArgumentAction = (argument: string, options: unknown, command: Command) => Promise<void>
