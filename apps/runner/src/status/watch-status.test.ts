import { expect, test } from 'vitest'
import type { Terminal } from '../terminal.ts'
import type { StateStatus, Status } from './status.ts'
import { StatusView } from './watch-status.ts'

function statusAt(second: number, state: StateStatus['state'] = 'ok'): Status {
  const at = new Date(Date.UTC(2026, 10, 24, 12, 0, second)).toISOString()
  const known = { state, since: at, code: null, cause: null, remedy: null, nextTryAt: null, last: null }
  const journal = { path: '/x.db', end: 1, records: 1, quarantined: 0, bytes: 1, roomBytes: 1 }
  const counts = { position: 1, lagRecords: 0, lagSeconds: 0, lostRecords: 0, lostAt: null, quarantined: 0 }
  const sinks = [{ name: 'files', state: known, catchUp: null, ...counts }]
  return { at, collector: null, reportedAt: at, orgs: [], sinks, journal }
}

function recorded(outIsTerminal: boolean, json = false, rows = 40) {
  const prints: string[] = []
  const said: string[] = []
  const terminal = {
    print: (text: string) => void prints.push(text),
    erase: (lines: number) => void prints.push(`erase ${lines}`),
    say: (line: string) => void said.push(line),
    outIsTerminal,
    outRows: () => rows,
  } as unknown as Terminal
  return { prints, said, view: new StatusView(terminal, json) }
}

const lines = (text: string | undefined) => (text ?? '').split('\n').length - 1

test('on a terminal, each view replaces the previous one', () => {
  const { prints, view } = recorded(true)
  view.show(statusAt(0))
  view.show(statusAt(2))
  expect(prints[0]).toContain('sink files')
  expect(prints[1]).toBe(`erase ${lines(prints[0])}`)
  expect(prints[2]).toContain('2026-11-24T12:00:02.000Z')
})

test('a view is never taller than the terminal', () => {
  const { prints, view } = recorded(true, false, 6)
  view.show(statusAt(0))
  expect(lines(prints[0])).toBe(5)
})

test('in a pipe, a line is printed for each change and each minute', () => {
  const { prints, view } = recorded(false)
  for (const second of [0, 2, 4]) view.show(statusAt(second))
  view.show(statusAt(6, 'paused'))
  for (const second of [8, 10, 65, 66]) view.show(statusAt(second, 'paused'))
  expect(prints).toEqual([
    '2026-11-24T12:00:00.000Z 0 orgs; 1 sink: 1 ok\n',
    '2026-11-24T12:00:06.000Z 0 orgs; 1 sink: 1 paused (files)\n',
    '2026-11-24T12:01:06.000Z 0 orgs; 1 sink: 1 paused (files)\n',
  ])
})

test('with JSON, each view is one line', () => {
  const { prints, view } = recorded(false, true)
  view.show(statusAt(0))
  view.show(statusAt(2))
  expect(prints.map((text) => JSON.parse(text).at)).toEqual([statusAt(0).at, statusAt(2).at])
})

test('a status that cannot be read is reported, and the next view follows', () => {
  const piped = recorded(false)
  piped.view.fail('journal: damaged', statusAt(0).at)
  expect(piped.said).toEqual(['journal: damaged'])
  const { prints, view } = recorded(true)
  view.fail('journal: damaged', statusAt(0).at)
  view.show(statusAt(2))
  expect(prints[0]).toContain('journal: damaged')
  expect(prints[1]).toBe(`erase ${lines(prints[0])}`)
})
