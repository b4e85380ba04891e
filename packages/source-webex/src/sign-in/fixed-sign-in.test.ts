import { expect, test } from 'vitest'
import { createFixedSignIn } from './fixed-sign-in.ts'

const hourMs = 3_600_000
const never = new AbortController().signal

function fixed() {
  const clock = { ms: 0, nowMs: () => clock.ms }
  return { clock, signIn: createFixedSignIn({ reveal: () => 'token' }, clock) }
}

test('gives the configured token, whatever becomes of it', async () => {
  const { signIn } = fixed()
  const given = { kind: 'token', token: 'token' }
  expect(await signIn.accessToken(never)).toEqual(given)
  signIn.refused('token')
  expect(await signIn.accessToken(never)).toEqual(given)
})

test('a token that was never taken', () => {
  const { signIn } = fixed()
  expect(signIn.refused('token')).toMatchObject({ kind: 'refused', code: 'access-token-refused' })
  expect(signIn.state()).toMatchObject({ kind: 'fixed', trouble: { code: 'access-token-refused' } })
})

test.each([
  [1, 'personal-token-ended'],
  [12, 'personal-token-ended'],
  [13, 'access-token-ended'],
])('a token that was taken for %i hours', (hours, code) => {
  const { clock, signIn } = fixed()
  signIn.accepted('token')
  clock.ms += hours * hourMs
  expect(signIn.refused('token')).toMatchObject({ code })
  // It stays what it was, however long the org is paused.
  clock.ms += 100 * hourMs
  expect(signIn.refused('token')).toMatchObject({ code })
})

test('a token that is taken again is no trouble any more', () => {
  const { signIn } = fixed()
  signIn.refused('token')
  signIn.accepted('token')
  expect(signIn.state().trouble).toBeNull()
})
