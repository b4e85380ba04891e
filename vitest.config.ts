import { defineConfig, type TestProjectConfiguration } from 'vitest/config'
import { TestOrder } from './tooling/check/src/test-order.ts'

const anywhere = '{packages,apps,tooling,examples}/*/{src,test}/**'
/** Tests of many seeds: they only compute, for minutes. */
const seeds = 'tooling/{simulation,fuzz}/src/**/*.test.ts'

// By cost, which the name of a test file tells. Tests that start processes come last. They mostly wait, and
// share the processors with the tests of seeds, which have a lower priority.
export default defineConfig({
  test: {
    projects: [
      project('unit', {
        include: `${anywhere}/*.test.ts`,
        exclude: ['**/*.{integration,e2e}.test.ts', seeds],
        order: 0,
        maxWorkers: 2,
        timeoutMs: 60_000,
      }),
      project('integration', {
        include: `${anywhere}/*.integration.test.ts`,
        order: 1,
        maxWorkers: 2,
        timeoutMs: 120_000,
        globalSetup: ['tooling/services/src/shared-services-setup.ts'],
      }),
      project('e2e', {
        include: `${anywhere}/*.e2e.test.ts`,
        order: 2,
        maxWorkers: 4,
        timeoutMs: 300_000,
        globalSetup: ['tooling/services/src/shared-services-setup.ts'],
      }),
      project('seeds', {
        include: seeds,
        order: 2,
        maxWorkers: 4,
        timeoutMs: 3_600_000,
        setupFiles: ['tooling/check/src/yield-processor.ts'],
      }),
    ],
    sequence: { sequencer: TestOrder },
  },
})

interface ProjectOptions {
  readonly include: string
  readonly exclude?: string[]
  readonly order: number
  readonly maxWorkers: number
  /** For a test, and for a hook. What a test waits for may take half as long. */
  readonly timeoutMs: number
  readonly globalSetup?: string[]
  readonly setupFiles?: string[]
}

function project(
  name: string,
  { include, order, timeoutMs, ...options }: ProjectOptions,
): TestProjectConfiguration {
  // Packages of this repository are taken from their source, also from one another: nothing needs to be
  // built. What a test runs in a process of its own is the built one, or gets
  // `--conditions=cdrstream-source`.
  const resolve = { conditions: ['cdrstream-source'] }
  return {
    resolve,
    ssr: { resolve },
    test: {
      name,
      include: [include],
      sequence: { groupOrder: order },
      testTimeout: timeoutMs,
      hookTimeout: timeoutMs,
      expect: { poll: { timeout: timeoutMs / 2 } },
      ...options,
    },
  }
}
