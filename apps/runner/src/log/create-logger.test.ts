import { createWords } from '@cdrstream/core'
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

test('what is below the level is not written', () => {
  const { log, lines } = recorded([], 'warn')

  log.info('a')
  log.warn('b')

  expect(lines).toHaveLength(1)
})

test('of an error only name, code and message are written', () => {
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

test('a secret is hidden wherever it turns up, also where JSON prints it otherwise', () => {
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

test('nothing endless is written', () => {
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
