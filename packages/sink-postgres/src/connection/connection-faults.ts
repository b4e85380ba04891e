import { SinkFault } from '@cdrstream/sink-kit'

/** The code of all faults of a sign-in. */
export const signInRefused = 'sign-in-refused'

export function passwordMissing(): SinkFault {
  return new SinkFault(
    signInRefused,
    'the server asks for a password, and this sink has none: set it in the url, or as PGPASSWORD',
  )
}

/** Returns what to do about a server that wants to sign in by Kerberos, OAuth or the like. */
export function mechanismUnknown(): SinkFault {
  return new SinkFault(
    signInRefused,
    'the server signs this user in by a method that this sink does not have: use scram-sha-256 or cert in pg_hba.conf of the server',
  )
}

export function tooManyIterations(most: number): SinkFault {
  return new SinkFault(
    signInRefused,
    `the server stores this password with more than ${most} iterations: lower scram_iterations on the server, and set the password again`,
  )
}

/** Returns what to do about something that does not behave as PostgreSQL does. */
export function notPostgres(code: 'answer-too-large' | 'answer-not-understood', why: string): SinkFault {
  return new SinkFault(code, `check which server this sink is connected to, and through what: ${why}`)
}
