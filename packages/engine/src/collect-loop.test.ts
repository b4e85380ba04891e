import { defaultTerms, type Progress } from '@cdrstream/core'
import { ProcessClock, VirtualTime } from '@cdrstream-internal/virtual-time'
import { beforeEach, describe, expect, it } from 'vitest'
import { type MemoryJournal, memoryJournal } from '../test/support/memory-journal.ts'
import { BodyMemory } from './body-memory.ts'
import { Broadcast } from './broadcast.ts'
import { collect } from './collect-loop.ts'
import type { CollectEnd, CollectOptions } from './collect-options.ts'
import { CredentialLane } from './credential-lane.ts'
import { JournalClock } from './journal-clock.ts'
import { MarkBoard } from './mark-board.ts'
import {
  type Answer,
  type Journal,
  JournalFullError,
  type Source,
  type SourceRequest,
} from './ports/index.ts'
import { StallWatch } from './stall-watch.ts'

const startMs = Date.UTC(2026, 8, 24)
const minuteMs = 60_000
const hourMs = 60 * minuteMs

let time: VirtualTime
let journal: MemoryJournal
let log: { level: string; message: string; fields: Record<string, unknown> }[]

beforeEach(() => {
  time = new VirtualTime(startMs)
  journal = memoryJournal()
  log = []
})

const answered = { serverDateMs: null, trackingId: null }
type Script = (request: SourceRequest, index: number) => Partial<Answer> & { readonly kind: Answer['kind'] }

/**
 * Returns a source that answers after half a second according to the script, and records its requests and
 * their times.
 */
function scripted(script: Script) {
  const asked: { readonly request: SourceRequest; readonly atMs: number }[] = []
  const source: Source = {
    prepare: async () => ({
      kind: 'ready',
      send: async (request, read) => {
        asked.push({ request, atMs: time.nowMs })
        const index = asked.length - 1
        await new ProcessClock(time, () => false).sleep(500, new AbortController().signal)
        const answer = { ...answered, answeredAtMs: time.nowMs, ...script(request, index) } as Answer
        return answer.kind === 'page' ? { ...answer, items: answer.items.map(read) } : answer
      },
    }),
  }
  return { source, asked }
}

const page = (...texts: readonly string[]) => ({
  kind: 'page' as const,
  items: texts.map((text) => ({
    kind: 'parsed' as const,
    text,
    bytes: Buffer.from(text),
    value: JSON.parse(text) as unknown,
  })),
  next: null,
})

interface Run {
  readonly lane: CredentialLane
  stop(): Promise<CollectEnd | undefined>
  end?: CollectEnd
}

function run(source: Source, more: Partial<CollectOptions> & { name?: string; reachMs?: number } = {}): Run {
  const noted =
    (level: string) =>
    (message: string, fields: object = {}) =>
      void log.push({ level, message, fields: { ...fields } })
  const platform = {
    clock: new ProcessClock(time, () => false),
    digest: (text: string) => text.length.toString(16).padStart(8, '0') + hash(text),
    newId: () => `slot-${Math.random()}`,
  }
  const name = more.name ?? 'acme'
  const store: Journal = more.journal ?? journal
  const lane = more.lane ?? new CredentialLane('acme', store, defaultTerms, platform)
  const stopping = new AbortController()
  const running: Run = {
    lane,
    async stop() {
      stopping.abort()
      await time.passUntil(time.nowMs + minuteMs, () => running.end !== undefined)
      return running.end
    },
  }
  void collect(
    {
      terms: defaultTerms,
      log: { debug: noted('debug'), info: noted('info'), warn: noted('warn'), error: noted('error') },
      mode: 'continuous',
      orgsOfCredential: () => 1,
      bodies: new BodyMemory({ pages: 2, bytes: 32_000_000 }),
      committed: new Broadcast(),
      marks: new MarkBoard(12 * 3_600_000),
      time: new JournalClock(platform.clock, undefined),
      stall: new StallWatch(platform.clock, Number.POSITIVE_INFINITY),
      ...more,
      org: { name, scope: name, credential: 'acme', source, reachMs: more.reachMs ?? 2 * minuteMs },
      platform,
      journal: store,
      lane,
    },
    stopping.signal,
  ).then((end) => {
    running.end = end
  })
  return running
}

function hash(text: string): string {
  let value = 0
  for (const char of text) value = (Math.imul(value, 31) + char.charCodeAt(0)) >>> 0
  return value.toString(16).padStart(24, '0')
}

const warnings = () => log.filter(({ level }) => level === 'warn').map(({ fields }) => fields.code)

describe('collecting', () => {
  it('stores nothing new when the same records are read again', async () => {
    const { source, asked } = scripted(() => page('{"Report ID":"a","Duration":1}', '{"Report ID":"b"}'))
    run(source)
    await time.passUntil(startMs + 10 * minuteMs)
    expect(asked.length).toBeGreaterThan(5)
    expect(journal.records.map(({ key }) => key)).toEqual(['a', 'b'])
  })

  it('stores a changed record as a revision, but does not store the first content again when it comes back', async () => {
    const contents = [
      '{"Report ID":"a","Duration":1}',
      '{"Report ID":"a","Duration":2}',
      '{"Duration":1,"Report ID":"a"}',
    ]
    const { source } = scripted((_, index) => page(contents[index] ?? '{"Report ID":"a","Duration":2}'))
    run(source)
    await time.passUntil(startMs + 10 * minuteMs)
    expect(journal.records.map(({ text }) => text)).toEqual(contents.slice(0, 2))
    expect(new Set(journal.records.map(({ rank }) => rank)).size).toBe(2)
  })

  it('puts items that are not records in quarantine, with reason and text, without blocking other items', async () => {
    const { source } = scripted(() => page('null', '17', '"text"', '[1]', '{}', '{"Report ID":"a"}'))
    run(source)
    await time.passUntil(startMs + 1 * minuteMs)
    expect(journal.quarantine.map(({ text }) => text)).toEqual(['null', '17', '"text"', '[1]', '{}'])
    expect(journal.records.map(({ key }) => key)).toEqual(['a'])
  })

  it('extends coverage with empty windows', async () => {
    const { source } = scripted(() => page())
    run(source)
    await time.passUntil(startMs + hourMs)
    const coverage = (await journal.progress('acme'))?.coverage ?? []
    expect(coverage).toHaveLength(1)
    expect(coverage[0]?.toSec).toBeGreaterThan((startMs + 57 * minuteMs) / 1_000)
  })

  it('follows the pages of a window, with initial requests a minute apart', async () => {
    const { source, asked } = scripted((request) =>
      request.kind === 'initial'
        ? { ...page(), next: { query: 'p=2', resumeMs: null, totalCount: null } }
        : page(),
    )
    run(source)
    await time.passUntil(startMs + 5 * minuteMs)
    expect(asked.slice(0, 4).map(({ request }) => request.kind)).toEqual([
      'initial',
      'page',
      'initial',
      'page',
    ])
    const initials = asked.filter(({ request }) => request.kind === 'initial').map(({ atMs }) => atMs)
    initials.slice(1).forEach((atMs, index) => {
      expect(atMs - (initials[index] ?? 0)).toBeGreaterThanOrEqual(minuteMs)
    })
  })

  it('lets two orgs that share a credential take turns', async () => {
    const one = scripted(() => page())
    const two = scripted(() => page())
    const { lane } = run(one.source, { name: 'one', orgsOfCredential: () => 2 })
    run(two.source, { name: 'two', orgsOfCredential: () => 2, lane })
    await time.passUntil(startMs + 20 * minuteMs)
    expect(Math.abs(one.asked.length - two.asked.length)).toBeLessThanOrEqual(1)
    const all = [...one.asked, ...two.asked].map(({ atMs }) => atMs).sort((a, b) => a - b)
    all.slice(1).forEach((atMs, index) => {
      expect(atMs - (all[index] ?? 0)).toBeGreaterThanOrEqual(minuteMs)
    })
  })

  it('stops soon after the signal is aborted', async () => {
    const { source } = scripted(() => page())
    const running = run(source)
    await time.passUntil(startMs + minuteMs)
    expect(await running.stop()).toBe('stopped')
  })

  it('ends with mode once when it has reached the head at startup', async () => {
    const { source } = scripted(() => page())
    const running = run(source, { mode: 'once' })
    await time.passUntil(startMs + 10 * minuteMs, () => running.end !== undefined)
    expect(running.end).toBe('done')
  })
})

describe('with mode once', () => {
  const sec = startMs / 1_000
  const stored = (progress: Partial<Progress>): Progress => ({
    originSec: sec - 11.9 * 3_600,
    coverage: [{ fromSec: sec - 11.9 * 3_600, toSec: sec - 600, level: 'read' }],
    auditedToSec: sec - 9 * 3_600,
    deepAtSec: 0,
    doubts: [],
    ...progress,
  })

  async function runOnce(progress: Progress) {
    await journal.commit({
      org: 'acme',
      scope: 'acme',
      progress,
      records: [],
      quarantined: [],
      budget: { credential: 'acme', change: (budget) => budget },
    })
    const { source, asked } = scripted(() => page())
    const running = run(source, { mode: 'once' })
    await time.passUntil(startMs + 20 * minuteMs, () => running.end !== undefined)
    expect(running.end).toBe('done')
    return asked.flatMap(({ request }) => (request.kind === 'initial' ? [request.window] : []))
  }

  it('it reads only the head if nothing else is due', async () => {
    expect(await runOnce(stored({}))).toHaveLength(1)
  })

  it('it performs the audit that is due', async () => {
    const auditedToSec = sec - 11.9 * 3_600
    const windows = await runOnce(stored({ auditedToSec }))
    expect(windows.some(({ fromSec }) => fromSec < auditedToSec + 60)).toBe(true)
    expect((await journal.progress('acme'))?.auditedToSec).toBeGreaterThan(auditedToSec + 3_600)
  })

  it('it reads doubtful spans once more', async () => {
    const doubt = { fromSec: sec - 7_200, toSec: sec - 7_100 }
    const windows = await runOnce(stored({ doubts: [doubt] }))
    expect(windows).toContainEqual(doubt)
    expect((await journal.progress('acme'))?.doubts).toEqual([])
  })
})

describe('while a page is being committed', () => {
  const link = (query: string, resumeMs: number) => ({ query, resumeMs, totalCount: null })
  // The first page covers half of the window.
  const pages = (request: SourceRequest) =>
    request.kind === 'initial'
      ? {
          ...page('{"Report ID":"a"}'),
          next: link('p=2', 500 * (request.window.fromSec + request.window.toSec)),
        }
      : request.link === 'p=2'
        ? { ...page('{"Report ID":"b"}'), next: link('p=3', 0) }
        : page('{"Report ID":"c"}')

  /** Returns a journal with slow commits that records the start and end of each. */
  function slowJournal(commitMs: number, fails: (commit: number) => boolean = () => false) {
    const noted: string[] = []
    let commits = 0
    const store: Journal = {
      ...journal,
      commit: async (commit) => {
        const index = commits++
        noted.push(`commit ${index}`)
        await new ProcessClock(time, () => false).sleep(commitMs, new AbortController().signal)
        if (fails(index)) throw new Error('the disk is gone')
        const end = await journal.commit(commit)
        noted.push(`committed ${index}`)
        return end
      },
    }
    return { store, noted }
  }

  it('the next page is requested, and is committed after it', async () => {
    const { store, noted } = slowJournal(5_000)
    const { source } = scripted((request) => {
      noted.push(request.kind === 'initial' ? 'ask' : request.link)
      return pages(request)
    })
    run(source, { journal: store })
    await time.passUntil(startMs + minuteMs)
    expect(noted).toEqual([
      // The first commit stores where collection began.
      ...['commit 0', 'committed 0', 'ask', 'commit 1', 'p=2', 'committed 1'],
      ...['commit 2', 'p=3', 'committed 2', 'commit 3', 'committed 3'],
    ])
    expect(journal.records.map(({ key }) => key)).toEqual(['a', 'b', 'c'])
  })

  it.each([
    ['can report its progress', false],
    ['fails to answer too', true],
  ])('and the commit fails, both pages are read again, if the journal %s', async (_, isMute) => {
    const { store, noted } = slowJournal(5_000, (commit) => commit === 1)
    let isAsked = false
    const { source, asked } = scripted(pages)
    const progress: Journal['progress'] = async (scope) => {
      if (isAsked && isMute && time.nowMs < startMs + 30_000) throw new Error('the disk is gone')
      isAsked = true
      return journal.progress(scope)
    }
    run(source, { journal: { ...store, progress }, reachMs: 6 * hourMs })
    await time.passUntil(startMs + 30_000)
    expect(noted).not.toContain('committed 1')
    expect(journal.records).toEqual([])
    expect((await journal.progress('acme'))?.coverage ?? []).toEqual([])
    const [first] = asked
    await time.passUntil(startMs + 3 * minuteMs)
    expect(journal.records.map(({ key }) => key)).toEqual(['a', 'b', 'c'])
    const second = asked.slice(1).find(({ request }) => request.kind === 'initial')
    const fromSec = (request?: SourceRequest) => (request?.kind === 'initial' ? request.window.fromSec : -1)
    expect(fromSec(second?.request)).toBeLessThanOrEqual(fromSec(first?.request))
    expect(warnings()).toEqual(['journal-failed'])
    // All three requests count, including requests whose pages the journal did not store.
    expect((second?.atMs ?? 0) - (first?.atMs ?? 0)).toBeGreaterThanOrEqual(minuteMs)
  })

  it.each([
    ['is stored', false],
    ['cannot be stored', true],
  ])('its memory is released when it %s', async (_, isFull) => {
    const { store, noted } = slowJournal(5_000, (commit) => commit === 1 && isFull)
    const release = () => void noted.push('released')
    const { source } = scripted(() => ({ ...page('{"Report ID":"a"}'), release }))
    run(source, { journal: store })
    await time.passUntil(startMs + 30_000)
    expect(noted.slice(2)).toEqual(['commit 1', ...(isFull ? [] : ['committed 1']), 'released'])
  })

  it('its memory is released if the journal fails before the commit', async () => {
    let released = 0
    const revisions: Journal['revisions'] = async () => {
      throw new Error('the disk is gone')
    }
    const release = () => {
      released += 1
    }
    const { source, asked } = scripted(() => ({ ...page('{"Report ID":"a"}'), release }))
    run(source, { journal: { ...slowJournal(0, () => false).store, revisions } })
    await time.passUntil(startMs + 3 * minuteMs)
    expect(asked.length).toBeGreaterThan(1)
    expect(released).toBe(asked.length)
  })

  it('only a further page is requested', async () => {
    const { store, noted } = slowJournal(90_000)
    const { source } = scripted((request) => {
      if (request.kind === 'initial') noted.push('ask')
      return pages(request)
    })
    run(source, { journal: store })
    await time.passUntil(startMs + 20 * minuteMs)
    const beforeAsks = noted.flatMap((note, index) => (note === 'ask' ? [noted[index - 1]] : []))
    expect(beforeAsks.length).toBeGreaterThan(2)
    for (const note of beforeAsks) expect(note).toMatch(/^committed/)
  })

  it('the loop does not end', async () => {
    const { store, noted } = slowJournal(90_000)
    const running = run(scripted(pages).source, { journal: store, mode: 'once' })
    await time.passUntil(startMs + 10 * minuteMs, () => running.end !== undefined)
    expect(running.end).toBe('done')
    expect(noted.at(-1)).toMatch(/^committed/)
  })

  it('the loop stops only after the commit', async () => {
    const { store, noted } = slowJournal(20_000)
    const { source } = scripted(pages)
    const running = run(source, { journal: store })
    await time.passUntil(startMs + 21_000)
    expect(noted.at(-1)).toBe('commit 1')
    expect(await running.stop()).toBe('stopped')
    expect(noted).toContain('committed 1')
    expect(journal.records.map(({ key }) => key)).toContain('a')
  })
})

describe('when things go wrong', () => {
  it('an outage and its end are each logged once, and what was missed is read soon after', async () => {
    const outage = { fromMs: startMs + 10 * minuteMs, toMs: startMs + 70 * minuteMs }
    const down = () => time.nowMs >= outage.fromMs && time.nowMs < outage.toMs
    const { source, asked } = scripted(() =>
      down()
        ? {
            kind: 'failed',
            reason: 'unavailable',
            status: 503,
            retryAfterMs: null,
            detail: '',
            answeredAtMs: time.nowMs,
          }
        : page(),
    )
    run(source)
    await time.passUntil(startMs + 90 * minuteMs)
    expect(log.filter(({ level }) => level === 'warn' || level === 'error')).toHaveLength(1)
    expect(log.filter(({ message }) => message === 'recovered')).toHaveLength(1)
    const attempts = asked.filter(({ atMs }) => atMs >= outage.fromMs && atMs < outage.toMs)
    expect(attempts.length).toBeLessThan(20)
    const soonAfter = asked.filter(({ atMs }) => atMs >= outage.toMs && atMs < outage.toMs + 10 * minuteMs)
    const starts = soonAfter.map(({ request }) => (request.kind === 'initial' ? request.window.fromSec : 0))
    expect(Math.min(...starts) * 1_000).toBeLessThan(outage.fromMs)
    expect((await journal.progress('acme'))?.coverage).toHaveLength(1)
  })

  it.each(['token', 'permission', 'region', 'other'] as const)(
    'a refusal (%s) pauses the org and ends mode once',
    async (reason) => {
      const refusal = { kind: 'refused' as const, reason, status: 403, detail: 'no' }
      const { source, asked } = scripted(() => refusal)
      run(source)
      await time.passUntil(startMs + 11 * minuteMs)
      expect(asked).toHaveLength(3)
      expect(warnings()).toEqual([`refused-${reason}`])

      journal = memoryJournal()
      const once = run(source, { mode: 'once' })
      await time.passUntil(time.nowMs + minuteMs, () => once.end !== undefined)
      expect(once.end).toBe('refused')
    },
  )

  it("a refusal is logged with the source's code and remedy and both tracking ids", async () => {
    const advice = {
      code: 'role-missing',
      remedy: 'give the role',
      trackingId: 'CDR_1',
      sentTrackingId: 'ours',
    }
    const refusal = {
      kind: 'refused' as const,
      reason: 'permission' as const,
      status: 403,
      detail: 'no',
      ...advice,
    }
    const { source } = scripted(() => refusal)
    run(source)
    await time.passUntil(startMs + minuteMs)
    const { remedy, ...fields } = advice
    expect(log.find(({ level }) => level === 'warn')).toMatchObject({ message: remedy, fields })
  })

  it("a 451 that is followed uses up the minute's initial request, like any other response", async () => {
    const moved = { reason: 'region' as const, code: 'region-moved', status: 451, retryAfterMs: null }
    const { source, asked } = scripted((_, index) =>
      index === 0 ? { kind: 'failed', detail: '', host: 'eu', ...moved } : page(),
    )
    run(source)
    await time.passUntil(startMs + 5 * minuteMs)
    const [first, second] = asked
    expect(second?.request.kind).toBe('initial')
    const waitedMs = (second?.atMs ?? 0) - (first?.atMs ?? 0)
    expect(waitedMs).toBeGreaterThanOrEqual(minuteMs)
    expect(waitedMs).toBeLessThan(1.1 * minuteMs)
    expect(warnings()).toEqual(['region-moved'])
    expect(log.filter(({ message }) => message === 'recovered')).toHaveLength(1)
  })

  it('a 400 leads to a new plan based on the clock in its Date header', async () => {
    const behindMs = 45_000
    const isTooRecent = (request: SourceRequest) =>
      request.kind === 'initial' && request.window.toSec * 1_000 > time.nowMs - behindMs - minuteMs
    const { source, asked } = scripted((request) => {
      const serverDateMs = Math.floor((time.nowMs - behindMs) / 1_000) * 1_000
      return isTooRecent(request)
        ? { kind: 'refused', reason: 'window', status: 400, detail: '', serverDateMs }
        : { ...page(), serverDateMs }
    })
    run(source)
    await time.passUntil(startMs + 10 * minuteMs)
    // Nothing was known about that clock before, so this is not a fault.
    expect(warnings()).toEqual([])
    // The second request was already correct.
    expect((asked[1]?.atMs ?? 0) - startMs).toBeLessThan(1.2 * minuteMs)
    expect((await journal.progress('acme'))?.coverage).toMatchObject([{ level: 'read' }])
  })

  it('a 429 pushes back for at least a minute, and three in a row slow down collection and are logged', async () => {
    const { source, asked } = scripted((_, index) =>
      index < 3 ? { kind: 'limited', retryAfterMs: 1_000 } : page(),
    )
    run(source)
    await time.passUntil(startMs + 10 * minuteMs)
    const [first, second, third, fourth] = asked.map(({ atMs }) => atMs)
    expect((second ?? 0) - (first ?? 0)).toBeGreaterThanOrEqual(minuteMs)
    expect((fourth ?? 0) - (third ?? 0)).toBeGreaterThanOrEqual(2 * minuteMs)
    expect(warnings()).toEqual(['credential-shared'])
  })

  it('a full journal pauses collection and is logged once, and collection continues later', async () => {
    let full = true
    const { source } = scripted(() => page('{"Report ID":"a"}'))
    const store: Journal = {
      ...journal,
      commit: async (commit) => {
        if (full) throw new JournalFullError('full')
        return journal.commit(commit)
      },
    }
    run(source, { journal: store })
    await time.passUntil(startMs + 5 * minuteMs)
    expect(journal.records).toEqual([])
    expect(warnings()).toEqual(['disk-full'])
    full = false
    await time.passUntil(startMs + 10 * minuteMs)
    expect(journal.records).toHaveLength(1)
    expect(log.some(({ message, fields }) => message === 'recovered' && fields.was === 'disk-full')).toBe(
      true,
    )
  })

  it('too little free disk stops all requests', async () => {
    let roomBytes = 0
    const { source, asked } = scripted(() => page())
    run(source, { journal: { ...journal, roomBytes: async () => roomBytes } })
    await time.passUntil(startMs + 5 * minuteMs)
    expect(asked).toEqual([])
    roomBytes = 1
    await time.passUntil(startMs + 6 * minuteMs)
    expect(asked).not.toEqual([])
  })

  it('a commit that succeeded but was reported as failed is not repeated', async () => {
    let failures = 1
    const { source } = scripted(() => page('{"Report ID":"a"}'))
    const store: Journal = {
      ...journal,
      commit: async (commit) => {
        const position = await journal.commit(commit)
        if (failures-- > 0) throw new Error('the answer was lost')
        return position
      },
    }
    run(source, { journal: store })
    await time.passUntil(startMs + 5 * minuteMs)
    expect(journal.records).toHaveLength(1)
  })

  it('a source that throws makes the request fail and does not end collection', async () => {
    const { asked, source } = scripted(() => page())
    let bugs = 2
    const buggy: Source = {
      prepare: async (signal) => {
        const prepared = await source.prepare(signal)
        if (prepared.kind !== 'ready') return prepared
        return {
          kind: 'ready',
          send: async (request, read, signal) => {
            if (bugs-- > 0) throw new Error('a bug')
            return prepared.send(request, read, signal)
          },
        }
      },
    }
    run(buggy)
    await time.passUntil(startMs + 10 * minuteMs)
    expect(asked.length).toBeGreaterThan(2)
  })
})
