import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  compareWithLedger,
  createSimulator,
  documentedTerms,
  scaleTerms,
  serveSimulator,
} from '@cdrstream/simulator'
import { expect, it } from 'vitest'
import { collect } from '../src/collect.ts'

it('an app that embeds the engine receives each record that the API shows', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'cdrstream-example-'))
  const terms = { ...scaleTerms(documentedTerms, 60), pageSize: { min: 1, max: 5_000 } }
  const simulator = createSimulator({
    seed: 5,
    clock: { nowMs: Date.now },
    orgs: [{ name: 'acme', token: 'token', recordsPerMinute: 600 }],
    terms,
    sinceMs: Date.now() - 120_000,
  })
  const server = await serveSimulator(simulator)
  const texts: { org: string; text: string }[] = []
  const compare = () => compareWithLedger(simulator.ledger, texts)
  const collectUntil = async (isEnough: () => boolean) => {
    const enough = new AbortController()
    await collect(
      {
        baseUrl: server.baseUrl,
        accessToken: 'token',
        journalFile: join(directory, 'journal.db'),
        terms: {
          pageSize: 500,
          initialRequests: terms.initialRequests,
          pageRequests: terms.pageRequests,
          stream: {
            settleMs: terms.settleMs,
            retentionMs: terms.retentionMs,
            maxWindowMs: terms.maxWindowMs,
          },
        },
        onRecord: async ({ org, text }) => {
          texts.push({ org, text })
          if (isEnough()) enough.abort()
        },
      },
      enough.signal,
    )
  }
  try {
    await collectUntil(() => texts.length >= 1_000)
    // A page that was in flight when the run ended is read by the next run.
    simulator.stopCalls()
    while (compare().missing.length > 0) await collectUntil(() => compare().missing.length === 0)
    const { delivered, missing, twice, invented } = compare()
    expect(delivered).toBeGreaterThanOrEqual(1_000)
    expect({ missing: missing.length, twice, invented }).toEqual({ missing: 0, twice: 0, invented: 0 })
  } finally {
    await server.close()
    await rm(directory, { recursive: true })
  }
})
