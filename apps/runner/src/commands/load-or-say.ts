import type { Configuration } from '../configuration/configuration.ts'
import { loadToLook } from '../configuration/load-configuration.ts'
import type { Terminal } from '../terminal.ts'

/** Loads a configuration to read the journal. If it has problems, prints them and returns undefined. */
export function loadOrSay(file: string, terminal: Terminal): Configuration | undefined {
  const loaded = loadToLook({ file, variable: terminal.variable })
  if (loaded.kind === 'configuration') return loaded.configuration
  for (const line of loaded.lines) terminal.say(line)
  return undefined
}
