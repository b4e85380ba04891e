import { defineConfig } from 'vitest/config'

export default defineConfig({
  resolve: { conditions: ['cdrstream-source'] },
  ssr: { resolve: { conditions: ['cdrstream-source'] } },
  test: {
    include: ['{packages,apps,tooling,examples}/*/src/**/*.test.ts'],
    testTimeout: 60_000,
    maxWorkers: 2,
  },
})
