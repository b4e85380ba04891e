import type { OpenCall, Position } from '@cdrstream/plugin'
import { z } from 'zod'
import { createSmallIndex } from '../indices/create-small-index.ts'
import type { IndexNames } from '../indices/index-names.ts'
import { listMonthlyIndices } from '../indices/present-indices.ts'
import { indexPrivilege } from '../server/privileges.ts'
import type { Server } from '../server/server.ts'
import { journalProperties, readJournal, type StoredJournal, writeJournal } from './stored-journal.ts'

/** An attempt fails only if another writer was faster. */
const maxAttempts = 10

/**
 * What Elasticsearch stores about a journal whose records were written here. A journal that replaced a lost
 * one, or was restored from an older copy, does not have all stored keys and may assign a different home to
 * them.
 */
export class KnownJournal {
  readonly #server: Server
  readonly #names: IndexNames
  #stored: StoredJournal

  private constructor(server: Server, names: IndexNames, stored: StoredJournal) {
    this.#server = server
    this.#names = names
    this.#stored = stored
  }

  /**
   * Returns a journal that was written here before, or undefined. A journal that does not have the stored
   * position was restored from an older copy; the sink records that fact.
   */
  static async recognize(
    server: Server,
    names: IndexNames,
    { acknowledged, owns, signal }: OpenCall & { readonly acknowledged: Position },
  ): Promise<KnownJournal | undefined> {
    const stored = await readJournal(server, names, acknowledged.incarnation, signal)
    if (stored === undefined) return undefined
    const { written } = stored
    if (written === undefined || (await owns(written))) return new KnownJournal(server, names, stored)
    await refresh(server, names, signal)
    const restored = { ...stored, knowsSinceMs: Date.now(), written: acknowledged }
    const recorded = await writeJournal(server, names, restored, signal)
    if (recorded === undefined) throw new Error('another writer changed the journal document')
    return new KnownJournal(server, names, recorded)
  }

  /** Returns a journal, after storing it if it was not written here before. */
  static async register(
    server: Server,
    names: IndexNames,
    incarnation: string,
    signal: AbortSignal,
  ): Promise<KnownJournal> {
    return new KnownJournal(server, names, await readOrCreate(server, names, incarnation, signal))
  }

  /**
   * The time since which the journal knows all keys, in milliseconds since 1970. `-Infinity` for the first
   * journal.
   */
  get knowsSinceMs(): number {
    return this.#stored.knowsSinceMs
  }

  /**
   * Stores that records up to this position may have been written. This must complete before the records are
   * written. Otherwise, after a crash, the next session could not detect that a restored journal has lost
   * them.
   */
  async advanceTo(to: Position, signal: AbortSignal): Promise<void> {
    for (let attempt = 0; attempt < maxAttempts; attempt += 1) {
      if (this.#stored.written !== undefined && this.#stored.written.offset >= to.offset) return
      const advanced = await writeJournal(this.#server, this.#names, { ...this.#stored, written: to }, signal)
      this.#stored = advanced ?? (await readOrCreate(this.#server, this.#names, to.incarnation, signal))
    }
    throw new Error('other writers kept changing the journal document')
  }
}

async function readOrCreate(
  server: Server,
  names: IndexNames,
  incarnation: string,
  signal: AbortSignal,
): Promise<StoredJournal> {
  const known = await readJournal(server, names, incarnation, signal)
  if (known !== undefined) return known
  const isFirst = (await listMonthlyIndices(server, names, signal)).size === 0
  const knowsSinceMs = isFirst ? Number.NEGATIVE_INFINITY : Date.now()
  await createSmallIndex(
    server,
    { name: names.journals, hidden: true, properties: journalProperties },
    signal,
  )
  if (!isFirst) await refresh(server, names, signal)
  const created = { incarnation, knowsSinceMs, written: undefined }
  const stored =
    (await writeJournal(server, names, created, signal)) ??
    (await readJournal(server, names, incarnation, signal))
  if (stored === undefined) throw new Error('the journal document was deleted')
  return stored
}

/** Makes the most recently written records visible to the search for homes. */
async function refresh(server: Server, { monthlyPattern }: IndexNames, signal: AbortSignal): Promise<void> {
  await server.ask({
    method: 'POST',
    path: `/${monthlyPattern}/_refresh`,
    answer: z.object({ _shards: z.object({ failed: z.number() }) }),
    needs: indexPrivilege('maintenance', monthlyPattern),
    isQuotable: true,
    signal,
  })
}
