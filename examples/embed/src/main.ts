// Reads a simulated org's calls until it has enough and the API has no more, and compares them with the calls
// that the API has returned.
import {
  compareWithLedger,
  createSimulator,
  documentedTerms,
  scaleTerms,
  serveSimulator,
} from '@cdrstream/simulator'
import { readCalls } from './read-calls.ts'

/** One minute in the real API takes a second here. */
const scaled = scaleTerms(documentedTerms, 60)
const wanted = 1_000

const simulator = createSimulator({
  seed: 5,
  clock: { nowMs: Date.now },
  orgs: [{ name: 'acme', token: 'token', recordsPerMinute: 600 }],
  terms: { ...scaled, pageSize: { min: 1, max: 500 } },
  sinceMs: Date.now() - 120_000,
})
const server = await serveSimulator(simulator)
const enough = new AbortController()
const texts: { org: string; text: string }[] = []

const calls = readCalls(
  {
    org: 'acme',
    baseUrl: server.baseUrl,
    accessToken: 'token',
    terms: {
      pageSize: 500,
      initialRequests: scaled.initialRequests,
      pageRequests: scaled.pageRequests,
      stream: {
        settleMs: scaled.settleMs,
        retentionMs: scaled.retentionMs,
        maxWindowMs: scaled.maxWindowMs,
      },
    },
    reachMs: scaled.retentionMs,
  },
  enough.signal,
)
for await (const { org, text } of calls) {
  texts.push({ org, text })
  if (texts.length === wanted) enough.abort()
}
await server.close()

const { shown, delivered, missing, twice, invented } = compareWithLedger(simulator.ledger, texts)
console.log({
  shown,
  delivered,
  missing: missing.length,
  twice,
  invented,
  violations: simulator.rateViolations().length,
})
const perfect = delivered >= wanted && missing.length + twice + invented === 0
process.exitCode = perfect && simulator.rateViolations().length === 0 ? 0 : 1
