import { join } from 'node:path'
import { z } from 'zod'
import type { Layout } from './layout.ts'
import { SinkFault } from './sink-fault.ts'

const stateName = 'state.json'
export const newStateName = 'state.json.new'
const version = 1

const position = z.strictObject({
  incarnation: z.string(),
  offset: z.int().nonnegative(),
  commit: z.string(),
})
const segment = '[A-Za-z0-9_%~-][A-Za-z0-9._%~-]*'
const sinkState = z.strictObject({
  version: z.literal(version),
  /** Where the sink is when these files are in their places. */
  position,
  files: z.array(
    z.strictObject({
      /** Its name in the work directory. No other temporary file ever has it. */
      temporary: z.string().regex(new RegExp(`^${segment}$`)),
      /** `ORG/HOME/NAME`, relative to the sink's directory. */
      final: z.string().regex(new RegExp(`^${segment}/${segment}/${segment}$`)),
    }),
  ),
})

/** What was decided to be published last. From the moment that this is durable, it counts as published. */
export type Intent = Omit<z.output<typeof sinkState>, 'version'>

/** The sink's durable memory: its latest intent, in one small file that is replaced as a whole. */
export class StateFile {
  readonly #layout: Layout
  #seen: string | undefined

  constructor(layout: Layout) {
    this.#layout = layout
  }

  /** Null: nothing was ever published. */
  async read(): Promise<Intent | null> {
    this.#seen = await this.#readText()
    return this.#seen === undefined ? null : parseState(this.#seen)
  }

  /** Replaces the intent before, which must have been carried out. Durable when it returns. */
  async write(intent: Intent): Promise<void> {
    const { files, work } = this.#layout
    await this.#refuseOthersChange()
    const text = `${JSON.stringify({ version, ...intent })}\n`
    const newPath = join(work, newStateName)
    await files.append(newPath, [Buffer.from(text)], 'new')
    await files.sync(newPath)
    await files.rename(newPath, join(work, stateName))
    await files.syncDirectory(work)
    this.#seen = text
  }

  /** No lock, but two processes that publish from one directory soon notice. */
  async #refuseOthersChange(): Promise<void> {
    if ((await this.#readText()) === this.#seen) return
    throw new SinkFault('directory-in-use', `let one sink of one process alone use ${this.#layout.directory}`)
  }

  #readText(): Promise<string | undefined> {
    return this.#layout.files.readText(join(this.#layout.work, stateName))
  }
}

function parseState(text: string): Intent {
  const value = parseJson(text)
  const { data: versioned } = z.object({ version: z.int() }).safeParse(value)
  if (versioned !== undefined && versioned.version > version) {
    throw new SinkFault(
      'state-newer',
      'a newer cdrstream has written here: run that one, or choose another directory',
    )
  }
  const { data, error } = sinkState.safeParse(value)
  if (data === undefined) {
    throw new SinkFault(
      'state-damaged',
      `bring .work/${stateName} back from a copy, or choose another directory and have all records written again`,
      error,
    )
  }
  return { position: data.position, files: data.files }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
