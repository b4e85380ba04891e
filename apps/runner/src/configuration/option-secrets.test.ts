import { expect, test } from 'vitest'
import { optionSecrets } from './option-secrets.ts'

const revealed = (options: unknown, substituted: Parameters<typeof optionSecrets>[1] = []) =>
  optionSecrets(options, substituted).map((secret) => secret.reveal())

test.each([
  ['a password', { password: 'hunter2' }, ['hunter2']],
  ['an API key', { apiKey: 'abcdef' }, ['abcdef']],
  ['everything below such a key', { auth: { user: 'someone', list: ['first'] } }, ['someone', 'first']],
  ['the password of a URL', { url: 'postgres://u:p%40ss/w@h/db' }, ['p%40ss/w', 'p@ss/w']],
  ['a password in one of several URLs', { nodes: ['http://a', 'http://u:hunter2@b'] }, ['hunter2']],
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

test('a substituted URL or file is a secret as a whole, and other text is not', () => {
  const value = 'https://hooks.example.com/T0/B0/x'
  const written = `\${HOOK}`
  expect(revealed({ url: value }, [{ value, written }])).toEqual([value])
  expect(revealed({ directory: '/var/x' }, [{ value: '/var/x', written }])).toEqual([])
  expect(revealed({}, [{ value: 'whatever', written: `\${file:/run/x}` }])).toEqual(['whatever'])
})

test('text that is not a secret, or is too short to recognize, is shown', () => {
  expect(revealed({ directory: './records', url: 'https://example.com/a', token: 'ab', port: 5432 })).toEqual(
    [],
  )
})
