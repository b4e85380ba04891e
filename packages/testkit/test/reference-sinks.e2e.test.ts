import { describe, expect, test } from 'vitest'
import { runSinkChecks } from '../src/run-sink-checks.ts'
import { sinkChecks } from '../src/sink-checks.ts'
import { referenceCertification } from './support/reference-certification.ts'
import { referencePlugins } from './support/reference-plugin.ts'

describe.each(['key', 'position', 'none'] as const)(
  'the reference sink with idempotence %s',
  (idempotence) => {
    const module = new URL(`./support/reference-plugin.ts?idempotence=${idempotence}`, import.meta.url)
    const checks = sinkChecks(referencePlugins[idempotence], { ...referenceCertification(module), kills: 5 })

    test('is certified', async () => {
      const report = await runSinkChecks(checks)
      expect(report.results.filter(({ outcome }) => outcome !== 'passed')).toEqual([])
      expect(report.passed).toBe(checks.length)
      expect(report.certified).toBe(true)
    })
  },
)
