import { defineConfig, type TestProjectConfiguration } from 'vitest/config'

// By cost: the name of a test says what it needs. Those that start processes come last, so that the others do
// not lack the processor.
export default defineConfig({
  test: {
    projects: [
      project('unit', { order: 0, maxWorkers: 2 }, ['**/*.test.ts'], ['**/*.{integration,e2e}.test.ts']),
      project('integration', { order: 1, maxWorkers: 2 }, ['**/*.integration.test.ts']),
      // These wait for other processes most of the time.
      project('e2e', { order: 2, maxWorkers: 3 }, ['**/*.e2e.test.ts']),
    ],
  },
})

function project(
  name: string,
  { order, maxWorkers }: { readonly order: number; readonly maxWorkers: number },
  include: readonly string[],
  exclude: readonly string[] = [],
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
      include: include.map((pattern) => `{packages,apps,tooling,examples}/*/{src,test}/${pattern}`),
      exclude: [...exclude],
      maxWorkers,
      sequence: { groupOrder: order },
      // Those that need a server ask for it; it is started then, once for all of a run.
      globalSetup: order === 0 ? [] : ['tooling/services/src/shared-services-setup.ts'],
      testTimeout: 60_000,
    },
  }
}
