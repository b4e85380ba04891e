import { SinkFault } from '@cdrstream/sink-kit'
import { type Client, DatabaseError } from 'pg'
import {
  mechanismUnknown,
  notPostgres,
  passwordMissing,
  signInRefused,
  tooManyIterations,
} from './connection-faults.ts'

/** The mechanisms and iterations that the driver (pg 8.23) supports. */
const knownMechanism = 'SCRAM-SHA-256'
const maxIterations = 100_000

interface SignInWatch {
  /** Returns the fault if the sign-in failed, or undefined for any other error. */
  faultBehind(error: unknown): SinkFault | undefined
}

/**
 * Watches the sign-in of a client that is about to connect. The driver's errors for unsupported sign-ins
 * differ only in their messages, so they are distinguished by what the server requested.
 */
export function watchSignIn(client: Client): SignInWatch {
  const { connection } = client
  let asked: 'nothing' | 'password' | 'unknown-mechanism' | 'too-many-iterations' = 'nothing'
  const ask = (what: typeof asked) => () => {
    asked = what
  }
  connection.on('authenticationCleartextPassword', ask('password'))
  connection.on('authenticationMD5Password', ask('password'))
  connection.on('authenticationSASL', ({ mechanisms }: { mechanisms: readonly string[] }) => {
    asked = mechanisms.includes(knownMechanism) ? 'password' : 'unknown-mechanism'
  })
  connection.on('authenticationSASLContinue', ({ data }: { data: string }) => {
    if (Number(/,i=(\d+)/.exec(data)?.[1]) > maxIterations) asked = 'too-many-iterations'
  })
  connection.on('authenticationOk', ask('nothing'))

  const faultBehind = (error: unknown): SinkFault | undefined => {
    if (asked === 'nothing' || error instanceof SinkFault) return undefined
    // A broken connection says nothing about the sign-in.
    const isRefusal = error instanceof DatabaseError || !isGone(connection.stream)
    if (asked === 'password' && !client.password && isRefusal) return passwordMissing()
    if (error instanceof DatabaseError || !isRefusal) return undefined
    switch (asked) {
      case 'unknown-mechanism':
        return mechanismUnknown()
      case 'too-many-iterations':
        return tooManyIterations(maxIterations)
      case 'password':
        return notPostgres('answer-not-understood', 'it does not follow the sign-in protocol')
    }
  }
  return { faultBehind }
}

/** Returns whether an error means that the server refuses to sign in this user. */
export function isSignInRefused(error: unknown): boolean {
  return error instanceof DatabaseError
    ? error.code?.startsWith('28') === true
    : error instanceof SinkFault && error.code === signInRefused
}

function isGone({ destroyed, readableEnded }: Client['connection']['stream']): boolean {
  return destroyed || readableEnded
}
