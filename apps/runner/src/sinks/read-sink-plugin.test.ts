import { expect, test } from 'vitest'
import { readSinkPlugin } from './read-sink-plugin.ts'

const plugin = {
  cdrstream: 1,
  name: 'mine',
  options: { '~standard': { version: 1, vendor: 'test', validate: (value: unknown) => ({ value }) } },
  traits: { idempotence: 'key' },
  create: () => ({ write: async () => ({ kind: 'accepted' }) }),
}

test('a plugin of this version is accepted', () => {
  expect(readSinkPlugin({ default: plugin })).toEqual({ kind: 'plugin', plugin })
})

test('traits can depend on the options, and a schema can be a function', () => {
  const options = Object.assign(() => {}, plugin.options)
  expect(readSinkPlugin({ default: { ...plugin, options, traits: () => plugin.traits } }).kind).toBe('plugin')
})

test.each([
  ['nothing', {}],
  ['a function', { default: () => {} }],
  ['null', { default: null }],
  ['an object without a version', { default: { ...plugin, cdrstream: undefined } }],
  ['no name', { default: { ...plugin, name: '' } }],
  ['options that are not a schema', { default: { ...plugin, options: {} } }],
  ['no traits', { default: { ...plugin, traits: undefined } }],
  ['traits that do not exist', { default: { ...plugin, traits: { idempotence: 'keys' } } }],
  ['no create', { default: { ...plugin, create: 1 } }],
])('%s is an invalid export', (_, exports) => {
  expect(readSinkPlugin(exports)).toMatchObject({ kind: 'problem', code: 'sink-wrong-export' })
})

test.each([0, 2, '1'])('version %j is invalid, regardless of the rest of the plugin', (cdrstream) => {
  expect(readSinkPlugin({ default: { cdrstream } })).toMatchObject({
    kind: 'problem',
    code: 'sink-wrong-version',
  })
})
