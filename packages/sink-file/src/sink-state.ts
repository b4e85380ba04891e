import { join } from 'node:path'
import { z } from 'zod'
import type { Layout } from './layout.ts'
import { SinkFault } from './sink-fault.ts'

export const stateName = 'state.json'
export const newStateName = 'state.json.new'
const version = 1

const position = z.strictObject({
  incarnation: z.string(),
  offset: z.int().nonnegative(),
  commit: z.string(),
})
const segment = '[A-Za-z0-9_%~-][A-Za-z0-9._%~-]*'
const intent = z.strictObject({
  /** Where the sink is when the intent has been carried out. */
  through: position,
  files: z.array(
    z.strictObject({
      /** Its name in the work directory. */
      temporary: z.string().regex(new RegExp(`^${segment}$`)),
      /** `ORG/HOME/NAME`, relative to the sink's directory. */
      final: z.string().regex(new RegExp(`^${segment}/${segment}/${segment}$`)),
    }),
  ),
})
const sinkState = z.strictObject({
  version: z.literal(version),
  /** All up to here is published; null before the first time. */
  position: position.nullable(),
  /** The files that are being published: from the moment that this is durable, they count as published. */
  intent: intent.nullable(),
})

export type Intent = z.output<typeof intent>
export type SinkState = Omit<z.output<typeof sinkState>, 'version'>

const firstState: SinkState = { position: null, intent: null }

/** The sink's durable memory: one small file, replaced as a whole. */
export class StateFile {
  readonly #layout: Layout
  #seen: string | undefined

  constructor(layout: Layout) {
    this.#layout = layout
  }

  async read(): Promise<SinkState> {
    this.#seen = await this.#readText()
    return this.#seen === undefined ? firstState : parseState(this.#seen)
  }

  /** Replaces the state; durable when it returns. */
  async write(state: SinkState): Promise<void> {
    const { files, work } = this.#layout
    await this.#refuseOthersChange()
    const text = `${JSON.stringify({ version, ...state })}\n`
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

function parseState(text: string): SinkState {
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
  return { position: data.position, intent: data.intent }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
