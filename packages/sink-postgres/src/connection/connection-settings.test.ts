import { Client } from 'pg'
import { describe, expect, test } from 'vitest'
import { postgresSinkOptions } from '../postgres-sink-options.ts'
import { connectionSettings } from './connection-settings.ts'

const settings = (given: object, variables: NodeJS.ProcessEnv = {}) =>
  connectionSettings(postgresSinkOptions.parse(given), '/base', variables)
const modes = (given: object, variables: NodeJS.ProcessEnv = {}) =>
  settings(given, variables).map(({ sslmode, verified }) => `${sslmode} ${verified}`)
const certificate = import.meta.filename

describe('the protection of a connection', () => {
  test.each([
    ['postgres://u:p@postgres/db', 'verify-full host'],
    ['postgres://u:p@10.0.0.7:5432/db', 'verify-full host'],
    ['postgres://u:p@[2001:db8::1]/db', 'verify-full host'],
    ['postgres://u:p@localhost.example.com/db', 'verify-full host'],
    ['postgres://u:p@127.0.0.1.example.com/db', 'verify-full host'],
    ['postgres://u:p@127.0.0.1:5432/db', 'disable nothing'],
    ['postgres://u:p@localhost/db', 'disable nothing'],
    ['postgres://u:p@[::1]/db', 'disable nothing'],
    ['postgres:///db?host=/run/postgresql', 'disable nothing'],
    ['postgres://%2Frun%2Fpostgresql/db', 'disable nothing'],
    ['postgres://', 'disable nothing'],
    ['postgres:///db?host=db.example.com', 'verify-full host'],
    ['postgres://db.example.com/db?sslmode=require', 'require nothing'],
    ['postgres://db.example.com/db?sslmode=disable', 'disable nothing'],
    ['postgres://localhost/db?sslrootcert=system', 'verify-full host'],
    ['postgres://localhost/db?sslnegotiation=direct', 'verify-full host'],
  ])('to %s is %s by default', (url, expected) => {
    expect(modes({ url })).toEqual([expected])
  })

  test('to a server that is only named in PGHOST is verified', () => {
    expect(modes({}, { PGHOST: 'db.example.com' })).toEqual(['verify-full host'])
  })

  test('is set by the options, then by the URL, then by PGSSLMODE', () => {
    const url = 'postgres://db.example.com/db?sslmode=disable'

    expect(modes({ url, sslmode: 'require' }, { PGSSLMODE: 'verify-full' })).toEqual(['require nothing'])
    expect(modes({ url }, { PGSSLMODE: 'verify-full' })).toEqual(['disable nothing'])
    expect(modes({ url: 'postgres://db.example.com' }, { PGSSLMODE: 'disable' })).toEqual(['disable nothing'])
    expect(modes({ url: 'postgres://db.example.com' }, { PGSSLMODE: '' })).toEqual(['verify-full host'])
  })

  test('with sslmode=require includes verification if sslrootcert is set, as in libpq', () => {
    expect(modes({ url: 'postgres://db/db', sslmode: 'require', sslrootcert: certificate })).toEqual([
      'require authority',
    ])
    const [server] = settings({ url: 'postgres://db/db', sslmode: 'require', sslrootcert: certificate })
    expect(server?.client.ssl).toMatchObject({ rejectUnauthorized: true })
  })

  test.each(['prefer', 'allow', 'foo'])('is rejected if PGSSLMODE is %s', (PGSSLMODE) => {
    expect(() => settings({ url: 'postgres://db/db' }, { PGSSLMODE })).toThrow(
      expect.objectContaining({ code: 'sslmode-unknown' }),
    )
  })

  test.each([
    { sslmode: 'verify-ca' },
    { sslmode: 'verify-ca', sslrootcert: 'system' },
    { sslmode: 'require', sslrootcert: 'system' },
  ])('is rejected if its settings contradict each other: %j', (given) => {
    expect(() => settings({ url: 'postgres://db/db', ...given })).toThrow(
      expect.objectContaining({ code: 'tls-options' }),
    )
  })
})

describe('the paths of PEM files', () => {
  test('in the URL, the options and the variables are relative to the configuration file', () => {
    const path = expect.objectContaining({ path: '/base/ca.pem', code: 'ENOENT' })

    expect(() => settings({ url: 'postgres://db/db?sslrootcert=ca.pem' })).toThrow(path)
    expect(() => settings({ url: 'postgres://db/db', sslrootcert: 'ca.pem' })).toThrow(path)
    expect(() => settings({ url: 'postgres://db/db' }, { PGSSLROOTCERT: 'ca.pem' })).toThrow(path)
  })
})

describe('the settings of the driver', () => {
  const clients = (given: object, variables: NodeJS.ProcessEnv = {}) =>
    settings(given, variables).map(({ client: config }) => {
      const client = new Client(config)
      const { host, port, user, password, database, ssl } = client
      return { host, port, user, password, database, ssl: ssl !== false }
    })

  test('contain the parts of a URL, without its TLS parameters', () => {
    const url = 'postgres://u:p%40ss@db.example.com:5433/calls?sslmode=require&options=-c%20a.b=1'

    expect(clients({ url })).toEqual([
      { host: 'db.example.com', port: 5433, user: 'u', password: 'p@ss', database: 'calls', ssl: true },
    ])
  })

  test('keep a password with an unescaped percent sign as written', () => {
    expect(clients({ url: 'postgres://u:100%@127.0.0.1/db' })).toMatchObject([{ password: '100%' }])
    expect(clients({ url: 'postgres://u:a%2Fb%zz@127.0.0.1/db' })).toMatchObject([{ password: 'a/b%zz' }])
  })

  test('pair each host in a URL with its port', () => {
    const url = 'postgres://u:p@one:5433,[::1],127.0.0.1:5434/db'

    expect(clients({ url })).toMatchObject([
      { host: 'one', port: 5433, user: 'u', ssl: true },
      { host: '::1', port: 5432, user: 'u', ssl: false },
      { host: '127.0.0.1', port: 5434, user: 'u', ssl: false },
    ])
    expect(clients({ url: 'postgres:///db?host=one,two&port=6000' })).toMatchObject([
      { host: 'one', port: 6000 },
      { host: 'two', port: 6000 },
    ])
  })

  test('include the hosts and ports from PGHOST and PGPORT', () => {
    expect(clients({}, { PGHOST: 'one,two', PGPORT: '1,2' })).toMatchObject([
      { host: 'one', port: 1 },
      { host: 'two', port: 2 },
    ])
    expect(clients({ url: 'postgres://one' }, { PGHOST: 'two', PGPORT: '6000' })).toMatchObject([
      { host: 'one', port: 6000 },
    ])
  })

  test('use the directory of a Unix socket as the host', () => {
    expect(clients({ url: 'postgres://u@%2Frun%2Fpg/db', sslmode: 'verify-full' })).toMatchObject([
      { host: '/run/pg', ssl: false, database: 'db' },
    ])
  })
})
