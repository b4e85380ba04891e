import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { findActionlint } from '../src/actionlint.ts'
import { notChecked, stepResult } from '../src/step-result.ts'

const scratch = mkdtempSync(join(tmpdir(), 'cdrstream-actionlint-'))
afterAll(() => rmSync(scratch, { recursive: true }))

test('without Go, actionlint is reported as missing, with the reason', () => {
  expect(findActionlint(join(scratch, 'no-go'), scratch)).toEqual({
    kind: 'missing',
    why: 'Go is not installed',
  })
})

test('if Go cannot reach its registry, actionlint is reported as missing, with the reason', () => {
  const go = join(scratch, 'go')
  writeFileSync(go, '#!/bin/sh\necho "dial tcp: lookup proxy.golang.org: no such host" >&2\nexit 1\n', {
    mode: 0o755,
  })
  expect(findActionlint(go, scratch)).toEqual({
    kind: 'missing',
    why: 'dial tcp: lookup proxy.golang.org: no such host',
  })
})

test.for([
  [0, 'passed'],
  [1, 'failed'],
  [null, 'failed'],
  [notChecked, 'not-checked'],
] as const)('a step with the exit code %s counts as %s', ([code, result]) => {
  expect(stepResult(code)).toBe(result)
})
