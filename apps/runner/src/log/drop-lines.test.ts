import { describe, expect, test } from 'vitest'
import { dropLines } from './drop-lines.ts'

const note = (dropped: number, code: string) => `dropped ${dropped}, ${code}\n`

/** A disk with limited space. */
function disk(room: number) {
  let text = ''
  let left = room
  const write = (bytes: Uint8Array) => {
    const taken = Math.min(left, bytes.length)
    if (taken === 0) throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' })
    text += Buffer.from(bytes.subarray(0, taken))
    left -= taken
    return taken
  }
  const free = (more: number) => {
    left += more
  }
  return { line: dropLines({ write, note }), text: () => text, free }
}

describe('lines that cannot be written', () => {
  test('are dropped, and their count is written when lines can be written again', () => {
    const { line, text, free } = disk(4)
    line('one\n')
    line('two\n')
    line('three\n')
    free(100)
    line('four\n')
    line('five\n')
    expect(text()).toBe('one\ndropped 2, ENOSPC\nfour\nfive\n')
  })

  test('leave no partial line before the next one', () => {
    const { line, text, free } = disk(6)
    line('one\n')
    line('two\n')
    free(100)
    line('three\n')
    expect(text()).toBe('one\ntw\ndropped 1, ENOSPC\nthree\n')
  })

  test('are still counted if there is space for only part of the note', () => {
    const { line, text, free } = disk(0)
    line('one\n')
    free(5)
    line('two\n')
    free(100)
    line('three\n')
    expect(text()).toBe('dropp\ndropped 2, ENOSPC\nthree\n')
  })
})

test('a reader that is briefly slow loses nothing', () => {
  let busy = 3
  let text = ''
  const write = (bytes: Uint8Array) => {
    busy -= 1
    if (busy > 0) throw Object.assign(new Error('try again'), { code: 'EAGAIN' })
    text += Buffer.from(bytes)
    return bytes.length
  }
  dropLines({ write, note })('one\n')
  expect(text).toBe('one\n')
})
