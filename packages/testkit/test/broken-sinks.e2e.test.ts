import { expect, test } from 'vitest'
import { sinkChecks } from '../src/sink-checks.ts'
import { breakSink } from './support/break-sink.ts'
import { faults } from './support/broken-plugin.ts'
import { referenceCertification } from './support/reference-certification.ts'
import { referencePlugins } from './support/reference-plugin.ts'

const anyModule = new URL('./support/broken-plugin.ts', import.meta.url)

const broken = Object.entries(faults).map(([name, fault]) => ({ name, fault }))

test.concurrent.each(broken)(
  'the broken sink $name fails $fault.fails and no other check',
  async ({ name, fault }) => {
    const module = new URL(`${anyModule}?fault=${name}`)
    const certification = { ...referenceCertification(module), kills: fault.kills ?? 1 }
    const checks = sinkChecks(breakSink(fault), certification)
    const outcomes = await Promise.allSettled(checks.map(({ run }) => run()))
    const failed = checks.filter((_, index) => outcomes[index]?.status === 'rejected')
    expect(failed.map((check) => check.name)).toEqual([fault.fails])
  },
)

test('every check is failed by at least one broken sink', () => {
  const checks = Object.values(referencePlugins).flatMap((plugin) =>
    sinkChecks(plugin, referenceCertification(anyModule)),
  )
  const caught = new Set(Object.values(faults).map(({ fails }) => fails))
  expect([...caught].sort()).toEqual([...new Set(checks.map(({ name }) => name))].sort())
})
