import type { Command } from 'commander'

/** What commander calls when a command was chosen. */
export type CommandAction = (options: unknown, command: Command) => Promise<void>
