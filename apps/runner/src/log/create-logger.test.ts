import { spawnSync } from 'node:child_process'
import { stripVTControlCharacters } from 'node:util'
import { createWords } from '@cdrstream/core/words'
import { expect, test } from 'vitest'
import { Secret } from '../configuration/secret.ts'
import { createLogger } from './create-logger.ts'

function recorded(secrets: readonly Secret[] = [], level: 'debug' | 'warn' = 'debug') {
  const lines: string[] = []
  const words = createWords(secrets.map((secret) => secret.reveal()))
  const log = createLogger({ level, pretty: false, words, write: (line) => lines.push(line) })
  return { log, lines }
}

test('a line is JSON with level, time, message and fields', () => {
  const { log, lines } = recorded()

  log.info('collecting', { org: 'acme', first: true })

  const { time, ...rest } = JSON.parse(lines.join(''))
  expect(rest).toEqual({ level: 'info', msg: 'collecting', org: 'acme', first: true })
  expect(new Date(time).toISOString()).toBe(time)
})

test('lines below the level are not written', () => {
  const { log, lines } = recorded([], 'warn')

  log.info('a')
  log.warn('b')

  expect(lines).toHaveLength(1)
})

test('only the name, code and message of an error are written', () => {
  const { log, lines } = recorded()
  const error = Object.assign(new TypeError('cannot connect'), {
    code: 'ECONNREFUSED',
    request: { headers: { authorization: 'Bearer canary' } },
  })

  log.error('failed', { error })

  expect(JSON.parse(lines.join('')).error).toEqual({
    name: 'TypeError',
    code: 'ECONNREFUSED',
    message: 'cannot connect',
  })
})

test('a secret is hidden wherever it occurs, including where JSON escapes it', () => {
  const secret = new Secret('canary "token"')
  const { log, lines } = recorded([secret])

  log.warn(`bad ${secret.reveal()}`, {
    text: `Bearer ${secret.reveal()}`,
    secret,
    error: new Error(secret.reveal()),
    deep: { list: [secret.reveal()] },
  })

  expect(lines.join('')).not.toContain('canary')
  expect(JSON.parse(lines.join('')).secret).toBe('[secret]')
})

test('a circular or deep value is cut short', () => {
  const { log, lines } = recorded()
  const circle: Record<string, unknown> = {}
  circle.self = circle

  log.info('x', {
    long: 'x'.repeat(10_000),
    circle,
    map: new Map([['canary', 1]]),
    list: new Array(1_000).fill(1),
  })

  expect(lines.join('').length).toBeLessThan(1_500)
  expect(lines.join('')).not.toContain('canary')
})

const hostile = 'a\u001b[2J\u009b1m\r\n{"level":"info"}\u202e\u2028\u0007'

test('external text cannot control a terminal or forge a line', () => {
  const { log, lines } = recorded()

  log.warn(hostile, { [hostile]: hostile, error: Object.assign(new Error(hostile), { code: hostile }) })

  expect(lines).toHaveLength(1)
  expect(lines.join('')).not.toMatch(/[\p{Cc}--\n]|\p{Cf}|\p{Zl}|\p{Zp}/v)
})

test('in plain lines, external text cannot control the terminal or forge a line', () => {
  const code = `import { createLogger } from './create-logger.ts'
import { createWords } from '@cdrstream/core/words'
const log = createLogger({ level: 'info', pretty: true, words: createWords([]) })
log.warn(${JSON.stringify(hostile)}, { cause: ${JSON.stringify(hostile)}, error: new Error(${JSON.stringify(hostile)}) })`
  const args = ['--conditions=cdrstream-source', '--input-type=module', '--eval', code]
  const { stderr } = spawnSync(process.execPath, args, { cwd: import.meta.dirname, encoding: 'utf8' })

  // The colours come from the log itself.
  const plain = stripVTControlCharacters(stderr.replaceAll('\u001b[2J', 'HOSTILE'))
  expect(plain).toContain('{"level":"info"}')
  expect(plain).not.toMatch(/^\s*\{"level"/m)
  expect(plain).not.toMatch(/HOSTILE|[\p{Cc}--\n]|\p{Cf}|\p{Zl}|\p{Zp}/v)
})

test('a value that cannot be converted to text is omitted', () => {
  const { log, lines } = recorded()
  class Odd {
    toString(): string {
      throw new Error('no text')
    }
  }

  log.info('x', { odd: new Odd(), after: 1 })

  expect(JSON.parse(lines.join(''))).toMatchObject({ odd: '…', after: 1 })
})
