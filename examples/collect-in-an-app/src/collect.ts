import type { Terms } from '@cdrstream/core'
import { startEngine } from '@cdrstream/engine'
import { createNodePlatform } from '@cdrstream/engine/node'
import { openJournal } from '@cdrstream/journal-sqlite'
import type { CdrRecord, Logger, SinkSession } from '@cdrstream/plugin'
import { createFixedSignIn, createWebexSource } from '@cdrstream/source-webex'

const log: Logger = { debug() {}, info() {}, warn: console.warn, error: console.error }

export interface CollectOptions {
  readonly baseUrl: string
  readonly accessToken: string
  readonly journalFile: string
  readonly terms: Terms
  /**
   * Called for each record. If it throws, the engine delivers the entire batch again, so handling a record
   * twice must be harmless.
   */
  readonly onRecord: (record: CdrRecord) => Promise<void>
}

/** Collects until the signal is aborted. */
export async function collect(options: CollectOptions, signal: AbortSignal): Promise<void> {
  const platform = createNodePlatform()
  const { clock } = platform
  const journal = await openJournal({ path: options.journalFile, access: 'collector' })
  const session: SinkSession = {
    async write(batch) {
      for (const record of batch.records) await options.onRecord(record)
      return { kind: 'accepted' }
    },
  }
  const engine = startEngine({
    orgs: [
      {
        name: 'acme',
        scope: 'acme',
        credential: 'acme',
        source: createWebexSource({
          baseUrl: options.baseUrl,
          signIn: createFixedSignIn({ reveal: () => options.accessToken }, clock),
          clock,
        }),
        reachMs: options.terms.stream.retentionMs,
      },
    ],
    sinks: [
      {
        name: 'app',
        sink: { open: async () => ({ kind: 'opened', session }) },
        traits: { idempotence: 'key' },
        from: 'earliest',
      },
    ],
    terms: options.terms,
    platform,
    journal,
    log,
    mode: 'continuous',
  })
  signal.addEventListener('abort', () => engine.stop())
  await engine.ended
  await journal.close()
}
