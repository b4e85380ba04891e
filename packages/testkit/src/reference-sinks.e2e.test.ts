import { describe, expect, test } from 'vitest'
import { runSinkChecks } from './run-sink-checks.ts'
import { sinkChecks } from './sink-checks.ts'
import { referenceCertification } from './testing/reference-certification.ts'
import { referencePlugins } from './testing/reference-plugin.ts'

describe.each(['key', 'position', 'none'] as const)(
  'the reference sink with idempotence %s',
  (idempotence) => {
    const module = new URL(`./testing/reference-plugin.ts?idempotence=${idempotence}`, import.meta.url)
    const checks = sinkChecks(referencePlugins[idempotence], { ...referenceCertification(module), kills: 5 })

    test('is certified', async () => {
      const report = await runSinkChecks(checks)
      expect(report.results.filter(({ outcome }) => outcome !== 'passed')).toEqual([])
      expect(report.passed).toBe(checks.length)
      expect(report.certified).toBe(true)
    })
  },
)
