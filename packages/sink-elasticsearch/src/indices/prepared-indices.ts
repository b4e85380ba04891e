import type { Logger } from '@cdrstream/plugin'
import type { ElasticsearchSinkOptions } from '../elasticsearch-sink-options.ts'
import type { Server } from '../server/server.ts'
import { otherTemplate } from './index-faults.ts'
import { type IndexNames, indexNames } from './index-names.ts'
import { indexTemplate } from './index-template.ts'
import { prepareMonthlyIndices } from './monthly-indices.ts'
import { listMonthlyIndices } from './present-indices.ts'
import { overridingTemplate } from './present-templates.ts'
import { putTemplate } from './put-template.ts'

/** How often writes check whether an index was deleted. Each check takes one small request. */
const recheckAfterMs = 1_000

/** The monthly indices that this session has prepared for writing. */
export class PreparedIndices {
  readonly #server: Server
  readonly #options: ElasticsearchSinkOptions
  readonly #log: Logger
  readonly #names: IndexNames
  /** The uuid of each index, by name. An index that was deleted and created again has a different uuid. */
  readonly #uuids = new Map<string, string | undefined>()
  /** When the indices were last checked, by the monotonic clock. */
  #checkedAtMs = 0

  constructor(server: Server, options: ElasticsearchSinkOptions, log: Logger) {
    this.#server = server
    this.#options = options
    this.#log = log
    this.#names = indexNames(options.indexPrefix)
  }

  /**
   * Ensures that records can be written to these indices. Throws a `SinkFault` if one of them does not belong
   * to the sink.
   */
  async prepare(wanted: ReadonlySet<string>, signal: AbortSignal): Promise<void> {
    const unknown = new Set([...wanted].filter((name) => !this.#uuids.has(name)))
    if (unknown.size === 0) return
    const present = await prepareMonthlyIndices(this.#server, this.#names, {
      wanted: unknown,
      beforeCreating: (absent) => this.#restoreTemplate(absent, signal),
      log: this.#log,
      signal,
    })
    for (const name of unknown) this.#uuids.set(name, present.get(name)?.uuid)
  }

  /**
   * Returns whether one of the indices was deleted, replaced or removed from the alias since it was prepared.
   */
  async haveChanged(signal: AbortSignal): Promise<boolean> {
    if (this.#uuids.size === 0 || performance.now() - this.#checkedAtMs < recheckAfterMs) return false
    const present = await listMonthlyIndices(this.#server, this.#names, signal)
    this.#checkedAtMs = performance.now()
    return [...this.#uuids].some(([name, uuid]) => {
      const index = present.get(name)
      return index === undefined || index.uuid !== uuid || !index.hasAlias
    })
  }

  forget(names: readonly string[]): void {
    for (const name of names) this.#uuids.delete(name)
  }

  /**
   * Puts the template again if it was deleted together with the indices. Throws a `SinkFault` if an index
   * would be created from a different template, because its mapping would be permanently wrong.
   */
  async #restoreTemplate(absent: readonly string[], signal: AbortSignal): Promise<void> {
    if (!this.#options.manageTemplate) return
    const template = indexTemplate(this.#options)
    const others = await putTemplate(this.#server, template, this.#log, signal)
    for (const name of absent) {
      const other = overridingTemplate(others, template, name)
      if (other !== undefined) throw otherTemplate(this.#names, name, other)
    }
  }
}
