import { errorCode } from '@cdrstream/sink-kit'
import { DatabaseError } from 'pg'

/**
 * Returns a description of an error, chosen by its SQLSTATE or Node.js error code. Uses only the names of
 * tables, constraints, roles and databases from the server's message, because the rest may quote a record,
 * for example when a trigger raised the error.
 */
export function describeError(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0 && !errorCode(error)) {
    return describeError(error.errors[0])
  }
  const code = errorCode(error) ?? ''
  if (isState(error, code)) {
    return `${stateSentence(code)} (${[`SQLSTATE ${code}`, ...namesIn(error)].join(', ')})`
  }
  if (nodeCode.test(code)) {
    return `${nodeSentences[code] ?? 'the connection failed'} (${code}${addressOf(error)})`
  }
  if (!(error instanceof Error)) return 'an unexpected error'
  return ownMessages.has(error.message) ? error.message : `an unexpected error (${nameOf(error)})`
}

/** EPIPE and EBUSY look like a SQLSTATE, but no SQLSTATE class begins with E. */
function isState(error: unknown, code: string): boolean {
  return /^[0-9A-Z]{5}$/.test(code) && (error instanceof DatabaseError || !code.startsWith('E'))
}

const nodeCode = /^[A-Z][A-Z0-9_]{2,50}$/

/** By SQLSTATE, or its class (https://www.postgresql.org/docs/18/errcodes-appendix.html). */
const stateSentences: Readonly<Record<string, string>> = {
  '08': 'the connection failed',
  '0A': 'the server does not support this',
  '21': 'a statement returned more rows than expected',
  '22': 'the server rejected a value',
  '23': 'a table constraint was violated',
  '25': 'the transaction is in a state that does not allow this',
  '25006': 'the server does not accept writes: it is a standby, or a failover is in progress',
  '28': 'the server refused the sign-in',
  '3D': 'the database does not exist',
  '3F': 'the schema does not exist',
  '40': 'the server rolled back the transaction',
  '42': 'a name is missing on the server or has a different meaning there',
  '42501': 'the user lacks a privilege',
  '53': 'the server has run out of resources',
  '53100': "the server's disk is full",
  '53300': 'the server has no connections left',
  '54': 'a value or a statement exceeds a server limit',
  '55': 'an object is in use or not in the required state',
  '57': 'an operator or a server time limit intervened',
  '57014': 'the server canceled the statement',
  '57P01': 'the server is shutting down',
  '57P02': 'the server has crashed and is restarting',
  '57P03': 'the server is starting or shutting down',
  '58': "the server's operating system reported an error",
  P0: 'a function or a trigger in the database raised an error',
  XX: 'the server reported an internal error',
}

function stateSentence(state: string): string {
  return stateSentences[state] ?? stateSentences[state.slice(0, 2)] ?? 'the server reported an error'
}

const nodeSentences: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'the connection was refused',
  ECONNRESET: 'the connection was closed',
  EPIPE: 'the connection was closed',
  ETIMEDOUT: 'the server did not answer in time',
  EHOSTUNREACH: 'the server is unreachable',
  ENETUNREACH: 'the server is unreachable',
  ENOTFOUND: 'the host name was not found',
  EAI_AGAIN: 'the host name could not be looked up',
  ENOENT: 'a file or socket is missing',
  EACCES: 'a file or socket cannot be opened',
}

function addressOf(error: unknown): string {
  const { address, port, hostname } = error as Readonly<Record<string, unknown>>
  const host = address ?? hostname
  if (typeof host !== 'string' || !/^[\w.:-]{1,100}$/.test(host)) return ''
  return typeof port === 'number' ? ` ${host} port ${port}` : ` ${host}`
}

/** Driver errors that have no code. */
const ownMessages: ReadonlySet<string> = new Set([
  'Connection terminated',
  'Connection terminated unexpectedly',
  'Connection terminated due to connection timeout',
  'timeout expired',
  'The server does not support SSL connections',
  'There was an error establishing an SSL connection',
  'Client has encountered a connection error and is not queryable',
  'Client was closed and is not queryable',
])

function nameOf({ name }: Error): string {
  return /^\w{1,40}$/.test(name) ? name : 'Error'
}

const identifier = /^[a-z_][a-z0-9_$]{0,62}$/

/**
 * Returns the names in an error that the server itself raised. Excludes errors raised by functions and
 * triggers, because they can contain any text, and their statements can contain values.
 */
function namesIn(error: unknown): readonly string[] {
  if (!(error instanceof DatabaseError) || !isOfServer(error)) return []
  const { table, column, constraint } = error
  const named = Object.entries({ table, column, constraint }).flatMap(([kind, name]) =>
    name !== undefined && identifier.test(name) ? [`${kind} ${name}`] : [],
  )
  return [...named, ...namesInMessage(error)]
}

/** For COPY, `where` contains only the line that failed. An error in a function adds lines before it. */
function isOfServer({ where }: DatabaseError): boolean {
  return where === undefined || /^COPY \w+, line \d+[^\n]*$/.test(where)
}

/** Only messages in English are recognized. In other languages, the names are omitted. */
const messages: readonly (readonly [state: string, form: RegExp])[] = [
  ['42501', /^permission denied for (table|schema|database|sequence|function) (\S+)$/],
  ['42501', /^must be owner of (table|schema|database|sequence|function) (\S+)$/],
  ['42P01', /^(relation) "([^"]+)" does not exist$/],
  ['42703', /^(column) "([^"]+)"/],
  ['3F000', /^(schema) "([^"]+)" does not exist$/],
  ['3D000', /^(database) "([^"]+)" does not exist$/],
  ['28', /^password authentication failed for (user) "([^"]+)"$/],
  ['28', /^(role) "([^"]+)" does not exist$/],
  ['28', /^(role) "([^"]+)" is not permitted to log in$/],
]

function namesInMessage({ code = '', message }: DatabaseError): readonly string[] {
  return messages
    .filter(([state]) => code.startsWith(state))
    .flatMap(([, form]) => {
      const [, kind = '', name = ''] = form.exec(message) ?? []
      return name !== '' && name.split('.').every((part) => identifier.test(part)) ? [`${kind} ${name}`] : []
    })
}
