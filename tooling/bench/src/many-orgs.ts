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

/** How many orgs one process keeps up with. */
export interface ManyOrgs {
  readonly orgs: number
  readonly requestsPerSecond: number
  /**
   * Of a processor: what one org takes in a minute at one request a minute, and what the bare requests take.
   */
  readonly orgMinuteMs: number
  readonly bareMs: number
  /**
   * How old the newest second of an org is just before it is read again, as a multiple of the least it can
   * be.
   */
  readonly freshnessP99: number
  readonly holds: boolean
}

const orgs = 2_000
const recordsAPage = 3
const perMs = 60_000
const settleMs = 1_000
/** All begin at once, as after a start; what counts begins with the second round. */
const warmUpMs = 75_000
const forMs = 60_000
/** An org may miss its turn once in a while, and not more. */
const mostFreshness = 2

const terms: Terms = {
  pageSize: 5_000,
  initialRequests: { count: 1, perMs },
  pageRequests: { count: 10, perMs },
  stream: { settleMs, retentionMs: 12 * 3_600_000, maxWindowMs: 2 * 3_600_000 },
}

/**
 * Many orgs with a token each in one engine, with a journal on disk: the processor time of each request, from
 * its planning to its commit, against the same requests with nothing behind them.
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
      holds: freshnessP99 <= mostFreshness,
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

/** The processor time of a request whose answer is only parsed, at as many a second. */
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
