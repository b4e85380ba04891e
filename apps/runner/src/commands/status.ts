import { findHolder, JournalOpenError } from '@cdrstream/journal-sqlite'
import { loadToLook } from '../configuration/load-configuration.ts'
import { type ExitCode, exitCodes } from '../exit-code.ts'
import { accessJournal } from '../journal-access.ts'
import { readStatus } from '../status/read-status.ts'
import { showStatus } from '../status/show-status.ts'
import type { Terminal } from '../terminal.ts'

export interface StatusOptions {
  readonly config: string
  readonly json: boolean
}

/** `cdrstream status`: reports what the journal contains, including while a collector runs. */
export async function status({ config, json }: StatusOptions, terminal: Terminal): Promise<ExitCode> {
  const loaded = loadToLook({ file: config, variable: terminal.variable })
  if (loaded.kind === 'problems') {
    for (const line of loaded.lines) terminal.say(line)
    return exitCodes.usage
  }
  const { configuration } = loaded
  const opened = await accessJournal(configuration.journal, 'reader', Date.now)
  if (opened.kind === 'problem') {
    terminal.say(opened.line)
    return opened.exitCode
  }
  const { journal } = opened
  try {
    const holder = findHolder(configuration.journal.path)
    const found = await readStatus(configuration, journal, holder, Date.now())
    terminal.print(json ? `${JSON.stringify(found, null, 2)}\n` : showStatus(found))
    return exitCodes.done
  } catch (error) {
    // The lock beside the journal can belong to another user.
    if (!(error instanceof JournalOpenError)) throw error
    terminal.say(`journal: ${error.message}`)
    return exitCodes.failed
  } finally {
    await journal.close()
  }
}
