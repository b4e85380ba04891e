import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { catalogue } from '@cdrstream/catalogue'
import { defaultTerms, type IdentifiedItem, identifyItem } from '@cdrstream/core'
import { type Engine, type Source, startEngine } from '@cdrstream/engine'
import { openJournal, type SqliteJournal } from '@cdrstream/journal-sqlite'
import type { CdrRecord, Logger, Sink, SinkSession } from '@cdrstream/plugin'
import { createFixedSignIn, createWebexSource } from '@cdrstream/source-webex'
import { ProcessClock, VirtualTime, working } from '@cdrstream-internal/virtual-time'
import { CaseClock } from './check/case-clock.ts'
import { caseTransport } from './check/case-transport.ts'
import { expectedPage, pageLimits } from './check/expected-page.ts'
import { digest } from './check/subject.ts'
import { canaryToken, caseChance, type FuzzCase, makeCase } from './make/make-case.ts'

/** What the collector did with the cases, and what it should have done. */
export interface Collected {
  /** Whether the collector ended before it was stopped. */
  readonly ended: boolean
  /** The contents of the records in all pages, without duplicates. */
  readonly sent: readonly string[]
  /** The contents of the records in the journal. */
  readonly accepted: readonly string[]
  /** Key and rank of each record in the journal. */
  readonly kept: readonly string[]
  /** Key and rank of each record that the sink received. */
  readonly delivered: readonly string[]
  /** How many items that cannot be records were sent. */
  readonly sentInvalid: number
  /** How many different values those items had. Identical items are quarantined once. */
  readonly distinctInvalid: number
  readonly quarantined: number
  /** All log output. */
  readonly log: string
}

const startMs = Date.UTC(2026, 8, 24)
/** In memory if possible, because the disk is not under test. */
const scratch = existsSync('/dev/shm') ? '/dev/shm' : tmpdir()

/**
 * Sends the cases as responses to the whole collector, with engine, journal and a sink that reads every
 * field, under virtual time.
 */
export async function collectCases(seed: number, cases: number): Promise<Collected> {
  const directory = await mkdtemp(join(scratch, 'cdrstream-fuzz-'))
  const time = new VirtualTime(startMs)
  const journal = await openJournal({
    path: join(directory, 'journal.db'),
    access: 'collector',
    minFreeDiskBytes: 0,
    nowMs: () => time.nowMs,
  })
  try {
    return await new Collector(seed, time, journal).run(cases)
  } finally {
    await journal.close()
    await rm(directory, { recursive: true })
  }
}

class Collector {
  readonly #seed: number
  readonly #time: VirtualTime
  readonly #journal: SqliteJournal
  readonly #clock: ProcessClock
  readonly #sent = new Set<string>()
  readonly #delivered: string[] = []
  readonly #lines: string[] = []
  #sentInvalid = 0
  readonly #invalid = new Set<string>()
  #number = 0
  #ids = 0
  #case: FuzzCase = { kind: 'unanswered', cause: undefined }

  constructor(seed: number, time: VirtualTime, journal: SqliteJournal) {
    this.#seed = seed
    this.#time = time
    this.#journal = journal
    this.#clock = new ProcessClock(time, () => false)
  }

  async run(cases: number): Promise<Collected> {
    const engine = this.#startEngine()
    let ended = false
    void engine.ended.then(() => {
      ended = true
    })
    await this.#time.passUntil(Number.MAX_SAFE_INTEGER, () => this.#number >= cases || ended)
    const endedEarly = ended
    engine.stop()
    await this.#time.passUntil(this.#time.nowMs + 60_000, () => ended)
    const { records } = await this.#journal.read(await this.#journal.start(), { records: 1e9, bytes: 1e9 })
    const { quarantined } = await this.#journal.inspect()
    return {
      ended: endedEarly,
      sent: [...this.#sent],
      accepted: records.map(({ text }) => contentOf(JSON.parse(text))),
      kept: records.map(placeOf),
      delivered: this.#delivered,
      sentInvalid: this.#sentInvalid,
      distinctInvalid: this.#invalid.size,
      quarantined: quarantined.reduce((sum, { items }) => sum + items, 0),
      log: this.#lines.join('\n'),
    }
  }

  #startEngine(): Engine {
    const log = (message: string, fields?: object) => this.#note(message, fields)
    const logger: Logger = { debug: log, info: log, warn: log, error: log }
    return startEngine({
      orgs: [
        {
          name: 'acme',
          scope: 'acme',
          credential: 'acme',
          reachMs: 3_600_000,
          // Virtual time does not pass while the source decodes.
          source: working(this.#source(), this.#time),
        },
      ],
      sinks: [{ name: 'memory', from: 'earliest', traits: { idempotence: 'key' }, sink: this.#sink() }],
      terms: defaultTerms,
      platform: { clock: this.#clock, digest, newId: () => String(++this.#ids) },
      journal: working(this.#journal, this.#time),
      log: logger,
      mode: 'continuous',
    })
  }

  #source(): Source {
    return createWebexSource({
      baseUrl: 'https://analytics-calling.webexapis.com/v1',
      signIn: createFixedSignIn({ reveal: () => canaryToken }, this.#clock),
      clock: this.#clock,
      ...pageLimits,
      transport: (request) => {
        this.#number += 1
        this.#case = this.#playable(makeCase(this.#seed, this.#number))
        const pieces = caseChance(this.#seed, this.#number, 1)
        return caseTransport(this.#case, new CaseClock(0), pieces)(request)
      },
    })
  }

  /** Replaces absurd dates and bodies that never end, for which the collector would wait for days. */
  #playable(drawn: FuzzCase): FuzzCase {
    if (drawn.kind === 'unanswered') return drawn
    const headers = { ...drawn.headers, date: new Date(this.#time.nowMs).toUTCString() }
    return { ...drawn, headers, end: drawn.end === 'whole' ? 'whole' : 'cut' }
  }

  #sink(): Sink {
    const session: SinkSession = {
      write: async ({ records }) => {
        for (const record of records) this.#delivered.push(readRecord(record))
        return { kind: 'accepted' }
      },
    }
    return { open: async () => ({ kind: 'opened', session }) }
  }

  #note(message: string, fields: object | undefined): void {
    this.#lines.push(`${message} ${JSON.stringify(fields)}`)
    if (message !== 'page' || this.#case.kind !== 'answered') return
    const page = expectedPage(this.#case)
    for (const item of page?.kind === 'items' ? page.items : []) {
      const isRecord = item.kind === 'parsed' && identityOf(item.value).kind === 'record'
      if (isRecord) {
        this.#sent.add(contentOf(item.value))
        continue
      }
      this.#sentInvalid += 1
      this.#invalid.add(item.kind === 'parsed' ? JSON.stringify(item.value) : item.text.slice(0, 10_000))
    }
  }
}

/** Reads the record as a sink does. */
function readRecord(record: CdrRecord): string {
  const { fields, extra } = record
  if (Object.keys(fields).length !== catalogue.length || extra.size > 1_000)
    throw new Error('the record is malformed')
  return placeOf(record)
}

function placeOf({ key, rank }: { readonly key: string; readonly rank: number }): string {
  return `${key} ${rank}`
}

function contentOf(value: unknown): string {
  const identity = identityOf(value)
  return identity.kind === 'record' ? `${identity.key} ${identity.fingerprint}` : identity.reason
}

function identityOf(value: unknown): IdentifiedItem {
  return identifyItem({ kind: 'parsed', text: '', bytes: new Uint8Array(), value }, digest)
}
