import { defineConfig, type TestProjectConfiguration } from 'vitest/config'
import { TestOrder } from './tooling/check/src/test-order.ts'

const anywhere = '{packages,apps,tooling,examples}/*/{src,test}/**'
/** Tests that run many seeds. They use the processor for minutes. */
const seeds = 'tooling/{simulation,fuzz}/src/**/*.test.ts'

// Grouped by cost, which is part of the file name of a test. Tests that start processes run last. They mostly
// wait, and share the processors with the seed tests, which have a lower priority.
export default defineConfig({
  test: {
    projects: [
      project('unit', {
        include: `${anywhere}/*.test.ts`,
        exclude: ['**/*.{integration,e2e,deploy}.test.ts', seeds],
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
      // Run by `npm run deploy-checks`.
      project('deploy', {
        include: `${anywhere}/*.deploy.test.ts`,
        order: 1,
        maxWorkers: 2,
        timeoutMs: 600_000,
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
  /** The timeout of a test or a hook. What a test waits for may take half of it. */
  readonly timeoutMs: number
  readonly globalSetup?: string[]
  readonly setupFiles?: string[]
}

function project(
  name: string,
  { include, order, timeoutMs, ...options }: ProjectOptions,
): TestProjectConfiguration {
  // Packages of this repository are loaded from their source, also by one another, so nothing has to be
  // built. A process that a test starts uses the built packages, unless it gets
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
