import type { QuarantinedItem, SqliteJournal } from '@cdrstream/journal-sqlite'
import { builtInSinks } from '../built-in-sinks.ts'
import type { SinkConfiguration } from '../configuration/configuration.ts'
import { loadToCollect } from '../configuration/load-configuration.ts'
import { type ExitCode, exitCodes } from '../exit-code.ts'
import { accessJournal } from '../journal-access.ts'
import { isoTime } from '../status/iso-time.ts'
import type { QuarantineMeans } from './quarantine-means.ts'
import { showItem, showList } from './show-items.ts'
import { itemsToShow, type ShownItem } from './shown-item.ts'

/** Opens the journal for reading, and closes it afterwards. */
export async function withReader(
  { configuration, terminal }: QuarantineMeans,
  work: (journal: SqliteJournal) => Promise<ExitCode>,
): Promise<ExitCode> {
  const opened = await accessJournal(configuration.journal, 'reader', Date.now)
  if (opened.kind === 'problem') {
    terminal.say(opened.line)
    return opened.exitCode
  }
  try {
    return await work(opened.journal)
  } finally {
    await opened.journal.close()
  }
}

export function listItems(means: QuarantineMeans): Promise<ExitCode> {
  const { options, filter, terminal } = means
  return withReader(means, async (journal) => {
    const items = await journal.quarantined(filter, { order: 'newest-first', limit: options.limit })
    const total = await journal.countQuarantined(filter)
    terminal.print(
      options.json
        ? `${JSON.stringify({ total, items: items.map(listed) }, null, 2)}\n`
        : showList(items, total),
    )
    return exitCodes.done
  })
}

function listed({ id, org, sink, reason, atMs, acceptedAtMs, bytes }: QuarantinedItem) {
  const acceptedAt = acceptedAtMs === null ? null : isoTime(acceptedAtMs)
  return { id, org, sink, reason, at: isoTime(atMs), acceptedAt, bytes }
}

export function showItems(means: QuarantineMeans): Promise<ExitCode> {
  const { options, filter, terminal } = means
  return withReader(means, async (journal) => {
    const shown: ShownItem[] = []
    const show = itemsToShow(await sinksToMask(means), options.raw === true)
    for (const item of await journal.quarantined(filter, {
      order: 'newest-first',
      limit: options.ids.length,
    })) {
      const text = await journal.quarantinedText(item.id)
      if (text !== undefined) shown.push(show(item, text))
    }
    const missing = options.ids.filter((id) => !shown.some((item) => item.id === id))
    if (options.json) terminal.print(`${JSON.stringify({ items: shown, missing }, null, 2)}\n`)
    else terminal.print(shown.map(showItem).join('\n'))
    if (missing.length === 0) return exitCodes.done
    terminal.say(`not in quarantine: ${missing.join(', ')}`)
    return exitCodes.usage
  })
}

/**
 * Returns the sinks with their `fields`. If the configuration has a problem, such as a variable that is set
 * only for the collector, returns none, so that everything is masked as strictly as possible.
 */
export async function sinksToMask({
  options,
  terminal,
}: QuarantineMeans): Promise<readonly SinkConfiguration[]> {
  if (options.raw === true) return []
  const loaded = await loadToCollect({ file: options.config, builtInSinks, variable: terminal.variable })
  if (loaded.kind === 'configuration') return loaded.configuration.sinks
  terminal.say("the sinks' `fields` cannot be read here, so everything that may be personal is omitted")
  return []
}
