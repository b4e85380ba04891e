import type { EngineEnd } from '@cdrstream/engine'
import { expect, test } from 'vitest'
import { exitCodeOfOnce } from './exit-code.ts'

type OrgEnd = EngineEnd['orgs'] extends ReadonlyMap<string, infer End> ? End : never
type SinkEnd = EngineEnd['sinks'] extends ReadonlyMap<string, infer End> ? End : never

const cases: readonly (readonly [readonly OrgEnd[], readonly SinkEnd[], number])[] = [
  [['done', 'done'], ['done'], 0],
  [['done', 'failed'], ['done'], 1],
  [['done'], ['done', 'behind'], 1],
  [['done', 'refused'], ['failed'], 3],
  [['failed', 'refused'], ['done'], 3],
  [['failed'], ['failed', 'done'], 4],
]

test.each(cases)('orgs %j and sinks %j give exit code %i', (orgs, sinks, code) => {
  const named = <End>(ends: readonly End[]) => new Map(ends.map((end, index) => [String(index), end]))

  expect(exitCodeOfOnce({ orgs: named(orgs), sinks: named(sinks) })).toBe(code)
})
