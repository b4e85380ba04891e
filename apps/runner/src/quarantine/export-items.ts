import { type FileHandle, open } from 'node:fs/promises'
import { type ExitCode, exitCodes } from '../exit-code.ts'
import { fileErrorText, shownFile } from '../files/file-error.ts'
import { showCount } from '../status/show-amount.ts'
import type { QuarantineMeans } from './quarantine-means.ts'
import { sinksToMask, withReader } from './read-items.ts'
import { itemsToShow } from './shown-item.ts'

const itemsAtOnce = 200

/** Writes items as NDJSON, oldest first, to a new file or to standard output. */
export function exportItems(means: QuarantineMeans): Promise<ExitCode> {
  const { options, filter, terminal, stopping } = means
  return withReader(means, async (journal) => {
    const show = itemsToShow(await sinksToMask(means), options.raw === true)
    const file = options.output === undefined ? undefined : await newFile(options.output)
    if (typeof file === 'string') {
      terminal.say(file)
      return exitCodes.usage
    }
    const throughId = await journal.newestQuarantined()
    let items = 0
    try {
      for (let afterId = 0; ; ) {
        const some = await journal.quarantined(filter, {
          order: 'oldest-first',
          limit: itemsAtOnce,
          afterId,
          throughId,
        })
        const last = some.at(-1)
        if (last === undefined || stopping.aborted) break
        afterId = last.id
        let lines = ''
        for (const item of some) {
          const text = await journal.quarantinedText(item.id)
          if (text === undefined) continue
          lines += `${JSON.stringify(show(item, text))}\n`
          items += 1
        }
        if (file === undefined) terminal.print(lines)
        else await file.appendFile(lines)
      }
      await file?.sync()
    } catch (error) {
      if (file === undefined || !(error instanceof Error) || !('code' in error)) throw error
      terminal.say(`${shownFile(options.output ?? '')}: ${fileErrorText(error)}; the file is incomplete`)
      return exitCodes.failed
    } finally {
      await file?.close()
    }
    if (file !== undefined) {
      const done = { file: options.output, items }
      terminal.print(
        options.json
          ? `${JSON.stringify(done, null, 2)}\n`
          : `${showCount(items, 'item')} in ${options.output}\n`,
      )
    }
    return stopping.aborted ? exitCodes.failed : exitCodes.done
  })
}

/** Creates a file that only its owner can read, or returns a line that explains why it cannot. */
async function newFile(path: string): Promise<FileHandle | string> {
  try {
    return await open(path, 'wx', 0o600)
  } catch (error) {
    const exists = error instanceof Error && 'code' in error && error.code === 'EEXIST'
    return `${shownFile(path)}: ${exists ? 'the file already exists; choose a new one' : fileErrorText(error)}`
  }
}
