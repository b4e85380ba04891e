import type { OpenCall, Position } from '@cdrstream/plugin'
import { z } from 'zod'
import { createSmallIndex } from '../indices/create-small-index.ts'
import type { IndexNames } from '../indices/index-names.ts'
import { listMonthlyIndices } from '../indices/present-indices.ts'
import { indexPrivilege } from '../server/privileges.ts'
import type { Server } from '../server/server.ts'
import { journalProperties, readJournal, type StoredJournal, writeJournal } from './stored-journal.ts'

/** Each attempt that fails is one that another writer won. */
const maxAttempts = 10

/**
 * What is known here of the journal that a session writes. One that replaced a lost journal, or that was
 * restored from an older copy of itself, does not know all keys that are stored here, and may give one of
 * them another home.
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
   * Returns a journal that has written here before, and records if it was restored since: it then has no
   * record at the position up to which this place was written. Undefined: it has not written here yet.
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
    if (recorded === undefined) throw new Error('another writer changed what is stored of the journal')
    return new KnownJournal(server, names, recorded)
  }

  /** Returns a journal, after recording that it came if it has not written here before. */
  static async meet(
    server: Server,
    names: IndexNames,
    incarnation: string,
    signal: AbortSignal,
  ): Promise<KnownJournal> {
    return new KnownJournal(server, names, await readOrCreate(server, names, incarnation, signal))
  }

  /** Since when it knows the keys that it has seen, in milliseconds; `-Infinity` for the first journal. */
  get knowsSinceMs(): number {
    return this.#stored.knowsSinceMs
  }

  /**
   * Records that the journal's records up to this position may be here. This comes before they are written:
   * otherwise a crash in between would hide from the next session that a restored journal has lost them.
   */
  async reach(to: Position, signal: AbortSignal): Promise<void> {
    for (let attempt = 0; attempt < maxAttempts; attempt += 1) {
      if (this.#stored.written !== undefined && this.#stored.written.offset >= to.offset) return
      const reached = await writeJournal(this.#server, this.#names, { ...this.#stored, written: to }, signal)
      this.#stored = reached ?? (await readOrCreate(this.#server, this.#names, to.incarnation, signal))
    }
    throw new Error('other writers kept changing what is stored of the journal')
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
  const met = { incarnation, knowsSinceMs, written: undefined }
  const stored =
    (await writeJournal(server, names, met, signal)) ??
    (await readJournal(server, names, incarnation, signal))
  if (stored === undefined) throw new Error('what was stored of the journal was deleted')
  return stored
}

/** The search for homes must find the records that were written last. */
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
