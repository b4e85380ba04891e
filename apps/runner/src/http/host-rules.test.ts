import { describe, expect, test } from 'vitest'
import { hostRules } from './host-rules.ts'

const port = 9464

function accepts(host: string, header: string | undefined, allowedHosts: readonly string[] = []): boolean {
  return hostRules({ host, allowedHosts }, port)(header)
}

describe('a server on a loopback address', () => {
  test.each(['127.0.0.1:9464', 'localhost:9464', 'LOCALHOST:9464', '[::1]:9464', '[0:0:0:0:0:0:0:1]:9464'])(
    'accepts the host %s',
    (header) => {
      expect(accepts('127.0.0.1', header)).toBe(true)
    },
  )

  test.each([
    undefined,
    '',
    'evil.example:9464',
    'evil.example',
    'localhost.evil.example:9464',
    '127.0.0.1.evil.example:9464',
    '127.0.0.1:80',
    '127.0.0.1',
    'localhost:9464:80',
    'localhost:9464@evil.example',
    'user@localhost:9464',
    'localhost:9464/path',
    '10.0.0.1:9464',
    '2130706433:9464',
    '0x7f000001:9464',
    '127.1:9464',
    'localhost.:9464',
    ' localhost:9464',
    'localhost:9464, evil.example',
    '[::1]evil.example:9464',
    '[::ffff:7f00:1]:9464',
  ])('rejects the host %s', (header) => {
    expect(accepts('127.0.0.1', header)).toBe(false)
  })
})

describe('a server on another address', () => {
  test('accepts that address with its port only', () => {
    expect(accepts('10.0.0.5', '10.0.0.5:9464')).toBe(true)
    expect(accepts('collector.example', 'Collector.Example:9464')).toBe(true)
    expect(accepts('fd00::5', '[fd00:0::5]:9464')).toBe(true)
    expect(accepts('10.0.0.5', '10.0.0.6:9464')).toBe(false)
    expect(accepts('10.0.0.5', '10.0.0.5:80')).toBe(false)
  })
})

describe('a server on all addresses', () => {
  test.each(['0.0.0.0', '::'])(
    'on %s accepts IP addresses and loopback names with any port, because containers map ports',
    (host) => {
      expect(accepts(host, '10.2.3.4:9464')).toBe(true)
      expect(accepts(host, '[fd00::7]:18080')).toBe(true)
      expect(accepts(host, 'localhost:18080')).toBe(true)
      expect(accepts(host, 'evil.example:9464')).toBe(false)
      expect(accepts(host, '999.2.3.4:9464')).toBe(false)
    },
  )
})

describe('a host in `allowedHosts`', () => {
  test('is accepted on any port, or only on the port that it includes', () => {
    const allowed = ['cdr.example', 'other.example:8443']
    expect(accepts('127.0.0.1', 'CDR.example', allowed)).toBe(true)
    expect(accepts('127.0.0.1', 'cdr.example:443', allowed)).toBe(true)
    expect(accepts('127.0.0.1', 'other.example:8443', allowed)).toBe(true)
    expect(accepts('127.0.0.1', 'other.example', allowed)).toBe(false)
    expect(accepts('127.0.0.1', 'x.cdr.example', allowed)).toBe(false)
  })
})
