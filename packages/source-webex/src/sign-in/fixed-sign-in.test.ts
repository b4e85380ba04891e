import { describe, expect, test } from 'vitest'
import { createFixedSignIn } from './fixed-sign-in.ts'

const hourMs = 3_600_000
const never = new AbortController().signal

function fixed() {
  const clock = { ms: 0, nowMs: () => clock.ms }
  return { clock, signIn: createFixedSignIn({ reveal: () => 'token' }, clock) }
}

describe('a fixed sign-in', () => {
  test('returns the configured token, even after it has been refused', async () => {
    const { signIn } = fixed()
    const given = { kind: 'token', token: 'token' }
    expect(await signIn.accessToken(never)).toEqual(given)
    signIn.refused('token')
    expect(await signIn.accessToken(never)).toEqual(given)
  })

  test('reports a token that was never accepted as access-token-refused', () => {
    const { signIn } = fixed()
    expect(signIn.refused('token')).toMatchObject({ kind: 'refused', code: 'access-token-refused' })
    expect(signIn.state()).toMatchObject({ kind: 'fixed', trouble: { code: 'access-token-refused' } })
  })

  test.each([
    [1, 'personal-token-ended'],
    [12, 'personal-token-ended'],
    [13, 'access-token-ended'],
  ])('reports a token that was accepted for %i hours as %s', (hours, code) => {
    const { clock, signIn } = fixed()
    signIn.accepted('token')
    clock.ms += hours * hourMs
    expect(signIn.refused('token')).toMatchObject({ code })
    // The code does not change, no matter how long the org is paused.
    clock.ms += 100 * hourMs
    expect(signIn.refused('token')).toMatchObject({ code })
  })

  test('reports no problem once the token is accepted again', () => {
    const { signIn } = fixed()
    signIn.refused('token')
    signIn.accepted('token')
    expect(signIn.state().trouble).toBeNull()
  })
})
