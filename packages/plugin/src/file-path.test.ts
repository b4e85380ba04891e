import { expect, test } from 'vitest'
import { isFilePath } from './file-path.ts'

test.each(['a', './my sink.ts', '/var/lib/cdrstream', 'C:\\calls', 'données/📞', 'x'.repeat(4_095)])(
  'a file can be at %j',
  (text) => {
    expect(isFilePath(text)).toBe(true)
  },
)

test.each(['', 'a\0b', 'a\nb', 'a\tb', 'a\u001b[2J', 'a\u009bb', 'a\ud800b', 'x'.repeat(4_096)])(
  'no file can be at %j',
  (text) => {
    expect(isFilePath(text)).toBe(false)
  },
)
