import { SinkFault } from '@cdrstream/sink-kit'

/** The code of every sign-in fault. */
export const signInRefused = 'sign-in-refused'

export function passwordMissing(): SinkFault {
  return new SinkFault(
    signInRefused,
    'set the password in the url or in PGPASSWORD: the server requires one, and this sink has none',
  )
}

/** Returns the fault for a server that requires Kerberos, OAuth or another unsupported method. */
export function mechanismUnknown(): SinkFault {
  return new SinkFault(
    signInRefused,
    'use scram-sha-256 or cert in pg_hba.conf on the server: this sink does not support the method that the server requires for this user',
  )
}

export function tooManyIterations(max: number): SinkFault {
  return new SinkFault(
    signInRefused,
    `lower scram_iterations on the server, then set the password again: it is stored with more than ${max} iterations, which the driver does not support`,
  )
}

/** Returns the fault for a server that does not behave like PostgreSQL. `why`: what the server did. */
export function notPostgres(code: 'answer-too-large' | 'answer-not-understood', why: string): SinkFault {
  return new SinkFault(
    code,
    `check that the URL points to PostgreSQL, and check any proxy in between: ${why}`,
  )
}
