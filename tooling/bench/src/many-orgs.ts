import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout } from 'node:timers/promises'
import type { Terms } from '@cdrstream/core'
import { startEngine } from '@cdrstream/engine'
import { openJournal } from '@cdrstream/journal-sqlite'
import { createFixedSignIn, createWebexSource } from '@cdrstream/source-webex'
import { Agent, request } from 'undici'
import type { Freshness } from './many-orgs-server.ts'
import type { Page } from './page.ts'
import { systemClock } from './system-clock.ts'

/** The load of many orgs in one process. */
export interface ManyOrgs {
  readonly orgs: number
  readonly requestsPerSecond: number
  /** The processor time of one org per minute, at one request per minute. */
  readonly orgMinuteMs: number
  /** The processor time of a request without an engine. */
  readonly bareMs: number
  /**
   * How old an org's newest second is just before the org is read again, as a multiple of the smallest
   * possible value.
   */
  readonly freshnessP99: number
  readonly holds: boolean
}

const orgs = 2_000
const recordsAPage = 3
const perMs = 60_000
const settleMs = 1_000
/** All orgs start at once. Counting begins after the first round. */
const warmUpMs = 75_000
const forMs = 60_000
/** An org may occasionally miss its turn, but not more often. */
const maxFreshness = 2

const terms: Terms = {
  pageSize: 5_000,
  initialRequests: { count: 1, perMs },
  pageRequests: { count: 10, perMs },
  stream: { settleMs, retentionMs: 12 * 3_600_000, maxWindowMs: 2 * 3_600_000 },
}

/**
 * Runs one engine for many orgs, each with its own token, and a journal on disk. Compares the processor time
 * per request, from planning to commit, with the same requests without an engine.
 */
export async function benchManyOrgs(page: Page, directory: string): Promise<ManyOrgs> {
  const server = spawn(process.execPath, [new URL('many-orgs-server.ts', import.meta.url).pathname], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  try {
    server.stdin.end(`{"items":[${page.texts.slice(0, recordsAPage).join(',')}]}`)
    const [address] = (await once(createInterface(server.stdout), 'line')) as [string]
    const engine = await engineRun(address, join(directory, 'many-orgs.db'))
    const bareMs = await bareRequestMs(address, engine.freshness.requests)
    const freshnessP99 = engine.freshness.p99Ms / (perMs + settleMs)
    return {
      orgs,
      requestsPerSecond: engine.freshness.requests / (forMs / 1_000),
      orgMinuteMs: engine.processorMs / engine.freshness.requests,
      bareMs,
      freshnessP99,
      holds: freshnessP99 <= maxFreshness,
    }
  } finally {
    server.kill()
  }
}

async function engineRun(address: string, path: string) {
  const journal = await openJournal({ path, access: 'collector' })
  let ids = 0
  const engine = startEngine({
    orgs: Array.from({ length: orgs }, (_, index) => ({
      name: `org-${index}`,
      scope: `org-${index}`,
      credential: `org-${index}`,
      source: createWebexSource({
        baseUrl: `${address}/v1`,
        signIn: createFixedSignIn({ reveal: () => `token-${index}` }, systemClock),
        clock: systemClock,
      }),
      reachMs: 60_000,
    })),
    sinks: [],
    terms,
    platform: {
      clock: systemClock,
      digest: (text) => createHash('sha256').update(text).digest('hex'),
      newId: () => String(++ids),
    },
    journal,
    log: { debug() {}, info() {}, warn() {}, error() {} },
    mode: 'continuous',
  })
  try {
    await setTimeout(warmUpMs)
    await askFreshness(address)
    const before = process.cpuUsage()
    await setTimeout(forMs)
    const { user, system } = process.cpuUsage(before)
    return { freshness: await askFreshness(address), processorMs: (user + system) / 1_000 }
  } finally {
    engine.stop()
    await engine.ended
    await journal.close()
  }
}

async function askFreshness(address: string): Promise<Freshness> {
  return (await (await fetch(`${address}/freshness`)).json()) as Freshness
}

/** Returns the processor time of a request whose response is only parsed. */
async function bareRequestMs(address: string, requests: number): Promise<number> {
  const dispatcher = new Agent({ connections: 100 })
  const before = process.cpuUsage()
  const atOnce = 100
  for (let sent = 0; sent < requests; sent += atOnce) {
    const some = Array.from({ length: Math.min(atOnce, requests - sent) }, async () => {
      const { body } = await request(`${address}/v1/cdr_stream`, { dispatcher })
      await body.json()
    })
    await Promise.all(some)
  }
  const { user, system } = process.cpuUsage(before)
  await dispatcher.close()
  return (user + system) / 1_000 / requests
}
