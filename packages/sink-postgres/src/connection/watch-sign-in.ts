import { SinkFault } from '@cdrstream/sink-kit'
import { type Client, DatabaseError } from 'pg'
import {
  mechanismUnknown,
  notPostgres,
  passwordMissing,
  signInRefused,
  tooManyIterations,
} from './connection-faults.ts'

/** What the driver (pg 8.23) can do. */
const knownMechanism = 'SCRAM-SHA-256'
const mostIterations = 100_000

interface SignInWatch {
  /** Returns what a person has to fix if the sign-in is what failed; undefined for any other error. */
  faultBehind(error: unknown): SinkFault | undefined
}

/**
 * Watches the sign-in of a client that is about to connect. The driver refuses what it cannot do by errors
 * that only differ in their words, so what the server asked for tells them apart.
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
    if (Number(/,i=(\d+)/.exec(data)?.[1]) > mostIterations) asked = 'too-many-iterations'
  })
  connection.on('authenticationOk', ask('nothing'))

  const faultBehind = (error: unknown): SinkFault | undefined => {
    if (asked === 'nothing' || error instanceof SinkFault) return undefined
    // A connection that broke says nothing about the sign-in.
    const isRefusal = error instanceof DatabaseError || !isGone(connection.stream)
    if (asked === 'password' && !client.password && isRefusal) return passwordMissing()
    if (error instanceof DatabaseError || !isRefusal) return undefined
    switch (asked) {
      case 'unknown-mechanism':
        return mechanismUnknown()
      case 'too-many-iterations':
        return tooManyIterations(mostIterations)
      case 'password':
        return notPostgres('answer-not-understood', 'it does not keep to the protocol of the sign-in')
    }
  }
  return { faultBehind }
}

/** Returns whether an error means that a server lets this user in by no way that the sink has. */
export function isSignInRefused(error: unknown): boolean {
  return error instanceof DatabaseError
    ? error.code?.startsWith('28') === true
    : error instanceof SinkFault && error.code === signInRefused
}

function isGone({ destroyed, readableEnded }: Client['connection']['stream']): boolean {
  return destroyed || readableEnded
}
