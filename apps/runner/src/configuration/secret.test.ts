import { inspect } from 'node:util'
import { expect, test } from 'vitest'
import { Secret } from './secret.ts'

test('only reveal() shows a secret', () => {
  const secret = new Secret('canary')

  const shown = [
    String(secret),
    JSON.stringify({ secret }),
    inspect({ secret }, { showHidden: true }),
    `${secret}`,
  ]

  expect(shown.join()).not.toContain('canary')
  expect(secret.reveal()).toBe('canary')
})
