import { inspect } from 'node:util'
import { expect, test } from 'vitest'
import { Secret } from './secret.ts'

test('a secret is only shown by reveal()', () => {
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
