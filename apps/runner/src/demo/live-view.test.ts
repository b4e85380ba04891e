import { expect, test } from 'vitest'
import type { Terminal } from '../terminal.ts'
import type { DemoPicture } from './demo-picture.ts'
import { LiveView } from './live-view.ts'

const picture: DemoPicture = {
  elapsedMs: 0,
  forMs: 20_000,
  phase: 'collecting',
  shown: 1_234,
  inJournal: 1_200,
  inFiles: 1_100,
  freshnessSeconds: 1.8,
  coverageBar: '██··',
  initialRequestsLeft: 0,
  pageRequestsLeft: 7,
}

function recorded(outIsTerminal: boolean) {
  let text = ''
  const terminal: Terminal = {
    variable: () => undefined,
    print: (more) => {
      text += more
    },
    erase: (lines) => {
      text += `\u001b[${lines}A\u001b[J`
    },
    say: () => {},
    lines: async function* () {},
    input: async () => Buffer.alloc(0),
    outIsTerminal,
    errorIsTerminal: false,
    onStop: () => ({ [Symbol.dispose]: () => {} }),
    onHangup: () => ({ [Symbol.dispose]: () => {} }),
    printProblem: async () => undefined,
    onCrash: () => ({ [Symbol.dispose]: () => {} }),
    exit: () => {},
  }
  return { view: new LiveView(terminal), text: () => text }
}

/** Returns the screen of a terminal that has received these bytes. */
function screen(text: string): readonly string[] {
  const lines: string[] = []
  const [first = '', ...others] = text.split('\u001b[')
  lines.push(...first.split('\n').slice(0, -1))
  for (const part of others) {
    // `6A`: six lines up; `J…`: everything below is erased.
    if (part.startsWith('J')) lines.push(...part.slice(1).split('\n').slice(0, -1))
    else lines.length -= Number.parseInt(part, 10)
  }
  return lines
}

test('on a terminal, each state replaces the previous one, and lines stay', () => {
  const { view, text } = recorded(true)
  view.say('first')
  view.show(picture)
  view.show({ ...picture, shown: 5_678 })
  view.say('second')
  view.show({ ...picture, shown: 9_999 })

  const lines = screen(text())
  expect(lines.slice(0, 2)).toEqual(['first', 'second'])
  expect(lines.join('\n')).toContain('9,999')
  expect(lines.join('\n')).not.toMatch(/1,234|5,678/)
  expect(lines.every((line) => line.length <= 80)).toBe(true)
})

test('a pipe receives a plain line every two seconds', () => {
  const { view, text } = recorded(false)
  for (let elapsedMs = 0; elapsedMs < 6_000; elapsedMs += 200) view.show({ ...picture, elapsedMs })

  expect(text().split('\n').slice(0, -1)).toEqual([
    expect.stringMatching(/^0 s of 20 s · 1,234 shown, 1,200 in the journal, 1,100 in files · /),
    expect.stringMatching(/^2 s of 20 s/),
    expect.stringMatching(/^4 s of 20 s/),
  ])
  expect(text()).not.toContain('\u001b')
})
