import { type ExitCode, exitCodes } from '../exit-code.ts'
import { performRequest } from '../requests/perform-request.ts'
import { showOutcome } from '../requests/show-outcome.ts'
import { showCount } from '../status/show-amount.ts'
import { type QuarantineMeans, stored } from './quarantine-means.ts'
import { withReader } from './read-items.ts'

/** Permanently deletes items after confirmation. */
export async function dropItems(means: QuarantineMeans): Promise<ExitCode> {
  const { options, configuration, filter, terminal, stopping } = means
  const { config, json } = options
  let throughId = 0
  let items = 0
  const read = await withReader(means, async (journal) => {
    throughId = await journal.newestQuarantined()
    items = await journal.countQuarantined(filter, throughId)
    return exitCodes.done
  })
  if (read !== exitCodes.done) return read
  if (options.yes !== true && items > 0) {
    if (!terminal.errorIsTerminal) {
      terminal.say(`this permanently deletes ${showCount(items, 'item')}; confirm with --yes`)
      return exitCodes.usage
    }
    terminal.say(`Permanently delete ${showCount(items, 'item')}? Type yes to confirm:`)
    if (!(await isConfirmed(means))) {
      terminal.say('nothing was deleted')
      return exitCodes.usage
    }
  }
  const request = { kind: 'quarantine-drop', filter: stored(filter), throughId } as const
  const outcome = await performRequest(
    request,
    { config, configuration, wait: true, timeoutMs: 60_000, stopping },
    terminal,
  )
  return showOutcome(outcome, json, terminal)
}

async function isConfirmed({ terminal, stopping }: QuarantineMeans): Promise<boolean> {
  try {
    for await (const line of terminal.lines(stopping)) return /^y(es)?$/i.test(line.trim())
  } catch (error) {
    if (!stopping.aborted) throw error
  }
  return false
}
