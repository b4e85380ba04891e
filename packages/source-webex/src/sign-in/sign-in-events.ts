import type { TokenOrigin } from './refresh-token-keeper.ts'
import type { SignInRefusal } from './refusal.ts'
import type { SignInEvent, SignInFailure, SignInTrouble } from './sign-in.ts'

export function renewedEvent(refreshTokenChanged: boolean, accessTokenEndsAtMs: number | null): SignInEvent {
  return {
    level: 'info',
    code: 'sign-in-renewed',
    message: 'access token renewed',
    fields: { refreshTokenChanged, accessTokenEndsAt: timeText(accessTokenEndsAtMs) },
  }
}

/** Returns undefined if there is nothing to report. */
export function originEvent(origin: TokenOrigin): SignInEvent | undefined {
  switch (origin) {
    case 'configured':
    case 'stored':
      return undefined
    case 'changed':
      return event(
        'info',
        'refresh-token-changed',
        'a different refresh token is configured; it replaces the stored one',
      )
    case 'not-understood':
      return event(
        'warn',
        'token-file-not-understood',
        'the stored sign-in cannot be parsed; using the configured refresh token',
      )
  }
}

export function otherStoredEvent(): SignInEvent {
  return event('info', 'sign-in-replaced', 'a login has stored a new refresh token; using it from now on')
}

export function notStoredEvent(): SignInEvent {
  return event('warn', 'token-file-failed', 'the expiry of the refresh token could not be stored')
}

export function expiresSoonEvent(endsAtMs: number, nowMs: number): SignInEvent {
  const days = Math.max(0, Math.floor((endsAtMs - nowMs) / 86_400_000))
  const message = `your refresh token expires in ${days} ${days === 1 ? 'day' : 'days'}: for an integration, run \`cdrstream login\`; for a service app, set a new one`
  return event('warn', 'refresh-token-ends-soon', message, {
    days,
    refreshTokenEndsAt: timeText(endsAtMs),
  })
}

export function troubleEvent(trouble: SignInRefusal | SignInFailure): SignInEvent {
  const { code, remedy } = troubleOf(trouble)
  const { status, detail } = trouble
  return trouble.kind === 'refused'
    ? event('error', code, remedy ?? '', { status, detail })
    : event('warn', code, 'the access token could not be renewed; retrying', {
        reason: trouble.reason,
        status,
        detail,
      })
}

export function troubleOf(trouble: SignInRefusal | SignInFailure): SignInTrouble {
  return trouble.kind === 'refused'
    ? { code: trouble.code, remedy: trouble.remedy }
    : { code: 'sign-in-failed', remedy: null }
}

function event(
  level: SignInEvent['level'],
  code: string,
  message: string,
  fields: SignInEvent['fields'] = {},
): SignInEvent {
  return { level, code, message, fields }
}

function timeText(ms: number | null): string | null {
  return ms === null || Math.abs(ms) > 8.64e15 ? null : new Date(ms).toISOString()
}
