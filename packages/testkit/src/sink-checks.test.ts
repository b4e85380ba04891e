import { describe, expect, test } from 'vitest'
import { referenceKeySink } from './reference-sinks/key-sink.ts'
import { referenceLogSink } from './reference-sinks/log-sink.ts'
import { referencePositionSink } from './reference-sinks/position-sink.ts'
import { runSinkChecks } from './run-sink-checks.ts'
import { sinkChecks } from './sink-checks.ts'

const nothing = { options: { path: '/nowhere' }, erase: true }
const namesOf = (checks: ReturnType<typeof sinkChecks>) => checks.map(({ name }) => name)

describe('the list of checks', () => {
  test('has unique names in kebab-case', () => {
    const names = namesOf(sinkChecks(referenceKeySink, nothing))
    expect(new Set(names).size).toBe(names.length)
    for (const name of names) expect(name).toMatch(/^[a-z]+(-[a-z]+)*$/)
  })

  test('depends on the declared idempotence', () => {
    const key = namesOf(sinkChecks(referenceKeySink, nothing))
    const position = namesOf(sinkChecks(referencePositionSink, nothing))
    const none = namesOf(sinkChecks(referenceLogSink, nothing))
    expect(key).toContain('same-batch-twice')
    expect(key).not.toContain('position-stored')
    expect(position).toContain('position-stored')
    expect(position).not.toContain('same-batch-twice')
    expect(none).toContain('killed-while-writing')
    expect(none).not.toContain('lower-rank-loses')
  })

  test('omits `revisions-in-one-batch` for a sink that receives only the latest revisions', () => {
    const traits = { idempotence: 'key', revisions: 'latest' } as const
    expect(namesOf(sinkChecks(referenceKeySink, nothing))).toContain('revisions-in-one-batch')
    expect(namesOf(sinkChecks({ ...referenceKeySink, traits }, nothing))).not.toContain(
      'revisions-in-one-batch',
    )
  })

  test('requires `traits` in the certification if the traits depend on the options', () => {
    const plugin = { ...referenceKeySink, traits: () => ({ idempotence: 'key' }) as const }
    expect(() => sinkChecks(plugin, nothing)).toThrow(TypeError)
    const checks = sinkChecks(plugin, { ...nothing, traits: { idempotence: 'key' } })
    expect(namesOf(checks)).toEqual(namesOf(sinkChecks(referenceKeySink, nothing)))
  })
})

describe('a check that needs something missing from the certification', () => {
  test('is listed, names what is missing, and fails', async () => {
    const checks = sinkChecks(referenceKeySink, nothing)
    const incomplete = checks.filter(({ notRun }) => notRun !== undefined)
    expect(namesOf(incomplete)).toContain('killed-while-writing')
    expect(namesOf(incomplete)).toContain('denied-is-failed')
    for (const { run, notRun } of incomplete) await expect(run()).rejects.toThrow(notRun)
  })

  test('prevents certification and is reported as not run', async () => {
    const results: string[] = []
    const checks = sinkChecks(referenceKeySink, nothing).filter(
      ({ name, notRun }) => notRun !== undefined || name === 'unknown-option-fails',
    )
    const report = await runSinkChecks(checks, { onResult: ({ outcome }) => results.push(outcome) })
    expect(report).toMatchObject({ certified: false, passed: 1, failed: 0, notRun: checks.length - 1 })
    expect(new Set(results)).toEqual(new Set(['passed', 'not-run']))
  })
})

test('a sink whose traits differ from those in its certification fails every check', async () => {
  const plugin = { ...referenceKeySink, traits: () => ({ idempotence: 'none' }) as const }
  const checks = sinkChecks(plugin, { ...nothing, traits: { idempotence: 'key' } })
  const report = await runSinkChecks(checks)
  expect(report.passed).toBe(0)
})

test('a run continues after a check that throws, and reports the error', async () => {
  const error = new Error('bad')
  const report = await runSinkChecks([
    { name: 'one', title: 'one', run: () => Promise.reject(error) },
    { name: 'two', title: 'two', run: () => Promise.resolve() },
  ])
  expect(report).toMatchObject({ certified: false, passed: 1, failed: 1, notRun: 0 })
  expect(report.results[0]?.error).toBe(error)
})

test('a run without checks does not certify a sink', async () => {
  expect((await runSinkChecks([])).certified).toBe(false)
})
