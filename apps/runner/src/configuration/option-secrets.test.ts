import { expect, test } from 'vitest'
import { optionSecrets } from './option-secrets.ts'

const revealed = (options: unknown, substituted: Parameters<typeof optionSecrets>[1] = []) =>
  optionSecrets(options, substituted).map((secret) => secret.reveal())

test.each([
  ['a password', { password: 'hunter2' }, ['hunter2']],
  ['an API key', { apiKey: 'abcdef' }, ['abcdef']],
  ['whatever is below such a key', { auth: { user: 'someone', list: ['first'] } }, ['someone', 'first']],
  ['the password of an address', { url: 'postgres://u:p%40ss/w@h/db' }, ['p%40ss/w', 'p@ss/w']],
  ['one among several addresses', { nodes: ['http://a', 'http://u:hunter2@b'] }, ['hunter2']],
  ['a parameter', { url: 'postgres://h/db?user=u&password=hunter2&x=1' }, ['hunter2']],
  ['a connection string', { connection: 'host=h password=hunter2' }, ['hunter2']],
  [
    'a connection string with semicolons',
    { connection: 'Server=h;Password="hunter2";Database=d' },
    ['"hunter2";Database=d', 'hunter2'],
  ],
  [
    'an access key of a queue or a store',
    { connection: 'AccountName=a;AccountKey=abc+d==;x=1' },
    ['abc+d==;x=1', 'abc+d=='],
  ],
])('%s is a secret', (_, options, secrets) => {
  expect(revealed(options)).toEqual(secrets)
})

test('an address or a file that was put in is a secret as a whole; other texts are not', () => {
  const value = 'https://hooks.example.com/T0/B0/x'
  const written = `\${HOOK}`
  expect(revealed({ url: value }, [{ value, written }])).toEqual([value])
  expect(revealed({ directory: '/var/x' }, [{ value: '/var/x', written }])).toEqual([])
  expect(revealed({}, [{ value: 'whatever', written: `\${file:/run/x}` }])).toEqual(['whatever'])
})

test('text that is not a secret, or too short to recognize, is shown', () => {
  expect(revealed({ directory: './records', url: 'https://example.com/a', token: 'ab', port: 5432 })).toEqual(
    [],
  )
})
