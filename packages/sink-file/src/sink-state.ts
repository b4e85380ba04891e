import { join } from 'node:path'
import type { Position } from '@cdrstream/plugin'
import { SinkFault } from '@cdrstream/sink-kit'
import { z } from 'zod'
import type { Layout } from './layout.ts'

export const stateName = 'state.json'
export const newStateName = 'state.json.new'
const version = 2

const position = z.strictObject({
  incarnation: z.string(),
  offset: z.int().nonnegative(),
  commit: z.string(),
})
const segment = '[A-Za-z0-9_%~-][A-Za-z0-9._%~-]*'
const intent = {
  /** The sink's position once these files are in their places. */
  position,
  files: z.array(
    z.strictObject({
      /** The file's name in the work directory. No other temporary file ever has the same name. */
      temporary: z.string().regex(new RegExp(`^${segment}$`)),
      /** `ORG/HOME/NAME`, relative to the sink's directory. */
      final: z.string().regex(new RegExp(`^${segment}/${segment}/${segment}$`)),
    }),
  ),
}
const sinkState = z.discriminatedUnion('version', [
  z
    .strictObject({ version: z.literal(1), ...intent })
    .transform(({ position, files }) => ({ position, files, earlier: [] })),
  z
    .strictObject({ version: z.literal(version), ...intent, earlier: z.array(position) })
    .transform(({ position, files, earlier }) => ({ position, files, earlier })),
])

/** The latest decision to publish. As soon as it is durable, its files count as published. */
export type Intent = Omit<SinkState, 'earlier'>

export interface SinkState {
  readonly position: Position
  readonly files: readonly { readonly temporary: string; readonly final: string }[]
  /** The last position in each journal that the sink wrote from before. */
  readonly earlier: readonly Position[]
}

/**
 * Returns the position that the sink reached in a journal, or undefined if it never wrote from that journal.
 */
export function positionIn(state: SinkState | null, incarnation: string): Position | undefined {
  if (state === null) return undefined
  return [state.position, ...state.earlier].find((known) => known.incarnation === incarnation)
}

/** The durable state of the sink: its latest intent, in one small file that is replaced as a whole. */
export class StateFile {
  readonly #layout: Layout
  #lastText: string | undefined
  #state: SinkState | null = null

  constructor(layout: Layout) {
    this.#layout = layout
  }

  /** The state as last read or written. Null if nothing was ever published or the file is lost. */
  get state(): SinkState | null {
    return this.#state
  }

  async read(): Promise<SinkState | null> {
    this.#lastText = await this.#readText()
    this.#state = this.#lastText === undefined ? null : parseState(this.#lastText)
    return this.#state
  }

  /** Replaces the previous intent, which must have been carried out. Resolves when the new one is durable. */
  async write(intent: Intent): Promise<void> {
    const { files, work } = this.#layout
    await this.#refuseForeignChange()
    const { incarnation } = intent.position
    const known = this.#state === null ? [] : [this.#state.position, ...this.#state.earlier]
    const earlier = known.filter((position) => position.incarnation !== incarnation)
    const text = `${JSON.stringify({ version, ...intent, earlier })}\n`
    const newPath = join(work, newStateName)
    await files.append(newPath, [Buffer.from(text)], 'new')
    await files.sync(newPath)
    await files.rename(newPath, join(work, stateName))
    await files.syncDirectory(work)
    this.#lastText = text
    this.#state = { ...intent, earlier }
  }

  /** There is no lock, but two processes that publish to one directory are detected here. */
  async #refuseForeignChange(): Promise<void> {
    if ((await this.#readText()) === this.#lastText) return
    throw new SinkFault(
      'directory-in-use',
      `stop the other process that writes to ${this.#layout.directory}, or choose another directory`,
    )
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
      'the state was written by a newer version of cdrstream: run that version, or choose another directory',
    )
  }
  const { data, error } = sinkState.safeParse(value)
  if (data === undefined) {
    throw new SinkFault(
      'state-damaged',
      `restore .work/${stateName} from a backup, or choose another directory to have all records written again`,
      error,
    )
  }
  return data
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
