import type { QuarantineFilter } from '@cdrstream/journal-sqlite'
import { type ExitCode, exitCodes } from '../exit-code.ts'
import { dropItems } from '../quarantine/drop-items.ts'
import { exportItems } from '../quarantine/export-items.ts'
import { type QuarantineMeans, type QuarantineOptions, stored } from '../quarantine/quarantine-means.ts'
import { listItems, showItems } from '../quarantine/read-items.ts'
import { performRequest } from '../requests/perform-request.ts'
import { showOutcome } from '../requests/show-outcome.ts'
import { stopSignal } from '../stop-signal.ts'
import type { Terminal } from '../terminal.ts'
import { loadOrSay } from './load-or-say.ts'

export type QuarantineAction = 'list' | 'show' | 'retry' | 'export' | 'drop'

/** `cdrstream quarantine`: shows items that could not be delivered, delivers them again, or deletes them. */
export async function quarantine(
  action: QuarantineAction,
  options: QuarantineOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  using stopping = stopSignal(terminal)
  const configuration = loadOrSay(options.config, terminal)
  if (configuration === undefined) return exitCodes.usage
  const filter = filterOf(options)
  const changes = action === 'retry' || action === 'drop' || action === 'export'
  if (changes && Object.keys(filter).length === 0 && options.all !== true) {
    terminal.say(
      `select items by number, --sink, --org, --reason or --unreadable, or use --all for all items`,
    )
    return exitCodes.usage
  }
  const means = { options, configuration, filter, terminal, stopping: stopping.signal }
  // Awaited here, so that signals are handled until the end.
  return await act(action, means)
}

async function act(action: QuarantineAction, means: QuarantineMeans): Promise<ExitCode> {
  switch (action) {
    case 'list':
      return listItems(means)
    case 'show':
      return showItems(means)
    case 'export':
      return exportItems(means)
    case 'drop':
      return dropItems(means)
    case 'retry': {
      const { options, configuration, filter, terminal, stopping } = means
      const { config, wait, json } = options
      const request = { kind: 'quarantine-retry', filter: stored(filter) } as const
      return showOutcome(
        await performRequest(request, { config, configuration, wait, stopping }, terminal),
        json,
        terminal,
      )
    }
  }
}

function filterOf({ ids, sink, org, reason, unreadable }: QuarantineOptions): QuarantineFilter {
  return {
    ...(ids.length > 0 && { ids }),
    ...(sink !== undefined && { sink }),
    ...(org !== undefined && { org }),
    ...(reason !== undefined && { reason }),
    ...(unreadable === true && { kind: 'unreadable' as const }),
  }
}
