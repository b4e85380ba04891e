import { defineConfig, type TestProjectConfiguration } from 'vitest/config'

// By cost: the name of a test says what it needs. Those that start processes come last, so that the others do not lack the processor.
export default defineConfig({
  test: {
    maxWorkers: 2,
    projects: [
      project('unit', 0, ['**/*.test.ts'], ['**/*.{integration,e2e}.test.ts']),
      project('integration', 1, ['**/*.integration.test.ts']),
      project('e2e', 2, ['**/*.e2e.test.ts']),
    ],
  },
})

function project(
  name: string,
  groupOrder: number,
  include: readonly string[],
  exclude: readonly string[] = [],
): TestProjectConfiguration {
  // Packages of this repository are taken from their source, also from one another: nothing needs to be built. What a test runs in
  // a process of its own is the built one, or gets `--conditions=cdrstream-source`.
  const resolve = { conditions: ['cdrstream-source'] }
  return {
    resolve,
    ssr: { resolve },
    test: {
      name,
      include: include.map((pattern) => `{packages,apps,tooling,examples}/*/src/${pattern}`),
      exclude: [...exclude],
      sequence: { groupOrder },
      // Those that need a server ask for it; it is started then, once for all of a run.
      globalSetup: groupOrder === 0 ? [] : ['tooling/services/src/shared-services-setup.ts'],
      testTimeout: 60_000,
    },
  }
}
