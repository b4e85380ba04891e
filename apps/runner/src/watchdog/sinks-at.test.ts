import { expect, test } from 'vitest'
import { sinksAt } from './sinks-at.ts'

const mine = { name: 'mine', url: 'file:///etc/cdrstream/mine.ts' }
const other = { name: 'other', url: 'file:///etc/cdrstream/other.ts' }
const packaged = { name: 'packaged', url: 'file:///opt/node_modules/sink/dist/index.js' }
const sinks = [mine, other, packaged]

test.each([
  ['its own module', ['file:///etc/cdrstream/mine.ts'], ['mine']],
  ['a module that it imports', ['file:///opt/node_modules/sink/dist/write.js'], ['packaged']],
  [
    'a package that it imports',
    ['file:///etc/cdrstream/node_modules/a/index.js', 'file:///etc/cdrstream/mine.ts'],
    ['mine'],
  ],
  ['a module that two sinks import', ['file:///etc/cdrstream/shared.ts'], ['mine', 'other']],
  ['code that belongs to no sink', ['file:///usr/lib/cdrstream/dist/engine.js'], []],
])('the sinks are found for %s on the stack', (_, urls, names) => {
  expect(sinksAt(urls, sinks)).toEqual(names)
})
