import type { Logger } from '@cdrstream/plugin'
import { describe, expect, it } from 'vitest'
import { Condition } from './condition.ts'

function condition() {
  const logged: unknown[] = []
  const note = (_: string, fields: object = {}) => {
    if ('cause' in fields) logged.push(fields.cause)
    else if ('was' in fields) logged.push('recovered')
    else if ('code' in fields) logged.push(fields.code)
  }
  const log: Logger = { debug: note, info: note, warn: note, error: note }
  const subject = new Condition(log, { sink: 'search' })
  const fails = (...causes: readonly (string | undefined)[]) => {
    for (const cause of causes) subject.bad('retrying', 'retrying', { cause })
  }
  return { logged, subject, fails }
}

describe('a condition that lasts', () => {
  it('is logged once, no matter how many attempts fail for the same cause', () => {
    const { logged, fails } = condition()
    fails('refused', 'refused', 'refused')
    expect(logged).toEqual(['refused'])
  })

  it('is logged again when its cause has changed', () => {
    const { logged, fails } = condition()
    fails('refused', 'refused', 'no master', 'no master', 'no master', 'refused', 'refused')
    expect(logged).toEqual(['refused', 'no master', 'refused'])
  })

  it('is not logged again while each attempt fails for a different cause', () => {
    const { logged, fails } = condition()
    fails('node 1', 'node 2', 'node 1', 'node 2', 'port 50001', 'port 50002')
    expect(logged).toEqual(['node 1'])
  })

  it('keeps its cause across events that have none', () => {
    const { logged, fails } = condition()
    fails('refused', undefined, undefined, 'refused')
    expect(logged).toEqual(['refused'])
  })

  it('is logged immediately when its code changes and when it ends', () => {
    const { logged, subject, fails } = condition()
    fails('refused')
    subject.bad('forbidden', 'paused', { cause: 'no privilege', remedy: 'grant it' })
    subject.ok()
    subject.ok()
    fails('refused')
    expect(logged).toEqual(['refused', 'no privilege', 'recovered', 'refused'])
  })

  it('is logged again when a different remedy is needed', () => {
    const { logged, subject } = condition()
    for (const remedy of ['grant read', 'grant read', 'grant index', 'grant index'])
      subject.bad('forbidden', 'paused', { cause: remedy, remedy })
    expect(logged).toEqual(['grant read', 'grant index'])
  })
})
