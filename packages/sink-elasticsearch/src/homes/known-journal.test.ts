import type { Position } from '@cdrstream/plugin'
import { expect, test, vi } from 'vitest'
import { indexNames } from '../indices/index-names.ts'
import type { Server, ServerRequest } from '../server/server.ts'
import { KnownJournal } from './known-journal.ts'

const nowMs = Date.UTC(2026, 10, 24, 12)
const at = (offset: number): Position => ({ incarnation: 'journal-1', offset, commit: `commit-${offset}` })

/**
 * A server that stores one document: what the sink remembers about the journal, which has written up to
 * position 2.
 */
function serverWithJournal() {
  let source: unknown = { incarnation: 'journal-1', journal_offset: 2, journal_commit: 'commit-2' }
  const asked: string[] = []
  const ask = async <Body>({ method, path, body, answer }: ServerRequest<Body>): Promise<Body> => {
    asked.push(`${method} ${path}`)
    if (method === 'PUT') source = body
    return answer.parse({ _seq_no: 0, _primary_term: 1, _source: source, _shards: { failed: 0 } })
  }
  const server: Server = { ask, close: async () => {} }
  return { server, asked, stored: () => source }
}

/** Recognizes a journal that has these positions and in which the record at 1 was acknowledged. */
async function recognize(server: Server, owned: readonly number[]) {
  vi.useFakeTimers({ now: nowMs })
  try {
    return await KnownJournal.recognize(server, indexNames('cdr'), {
      acknowledged: at(1),
      owns: async ({ offset }) => owned.includes(offset),
      signal: new AbortController().signal,
    })
  } finally {
    vi.useRealTimers()
  }
}

test('a journal that is missing its last written record counts as restored, and only keys first seen after that are trusted', async () => {
  const { server, asked, stored } = serverWithJournal()
  expect((await recognize(server, [0, 1]))?.knowsSinceMs).toBe(nowMs)
  expect(stored()).toEqual({
    incarnation: 'journal-1',
    knows_since: new Date(nowMs).toISOString(),
    journal_offset: 1,
    journal_commit: 'commit-1',
  })
  // Otherwise the search for homes would miss records written right before the restore.
  expect(asked).toContain('POST /cdr-2*.*/_refresh')
})

test('a journal that has its last written record stays trusted even if the record was not acknowledged', async () => {
  const { server, asked } = serverWithJournal()
  expect((await recognize(server, [0, 1, 2]))?.knowsSinceMs).toBe(Number.NEGATIVE_INFINITY)
  expect(asked).toEqual([expect.stringContaining('GET ')])
})
