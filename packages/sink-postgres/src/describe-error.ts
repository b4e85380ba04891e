import { errorCode } from '@cdrstream/sink-kit'
import { DatabaseError } from 'pg'

/**
 * Returns what an error says in our own words, chosen by its SQLSTATE or by the code of Node. Of the server's
 * words only names of tables, constraints, roles and databases are taken: everything else may quote a record,
 * as a trigger does.
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

/** EPIPE and EBUSY look like a SQLSTATE, and no class of these begins with E. */
function isState(error: unknown, code: string): boolean {
  return /^[0-9A-Z]{5}$/.test(code) && (error instanceof DatabaseError || !code.startsWith('E'))
}

const nodeCode = /^[A-Z][A-Z0-9_]{2,50}$/

/** By SQLSTATE, or its class (https://www.postgresql.org/docs/18/errcodes-appendix.html). */
const stateSentences: Readonly<Record<string, string>> = {
  '08': 'the connection failed',
  '0A': 'the server does not support this',
  '21': 'a statement returned more rows than expected',
  '22': 'the server does not accept a value',
  '23': 'a constraint of a table does not allow this',
  '25': 'this is not possible in the state of the transaction',
  '25006': 'the server accepts no writes: it is a standby, or in a failover',
  '28': 'the server does not let this user sign in',
  '3D': 'the database does not exist',
  '3F': 'the schema does not exist',
  '40': 'the server rolled the transaction back',
  '42': 'the server does not know a name, or understands something else by it',
  '42501': 'the user has too few rights',
  '53': 'the server has no resources left',
  '53100': 'the disk of the server is full',
  '53300': 'the server has no connection left',
  '54': 'a value or a statement exceeds a limit of the server',
  '55': 'something is in use, or not in the right state',
  '57': 'an operator or a time limit of the server ended this',
  '57014': 'the server cancelled the statement',
  '57P01': 'the server is shutting down',
  '57P02': 'the server has crashed and is restarting',
  '57P03': 'the server is starting or shutting down',
  '58': 'the server has trouble with its system',
  P0: 'a function or a trigger of the database raised an error',
  XX: 'the server has an internal error',
}

function stateSentence(state: string): string {
  return stateSentences[state] ?? stateSentences[state.slice(0, 2)] ?? 'the server reported an error'
}

const nodeSentences: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'no server accepts connections there',
  ECONNRESET: 'the connection was closed',
  EPIPE: 'the connection was closed',
  ETIMEDOUT: 'the server did not answer in time',
  EHOSTUNREACH: 'the server cannot be reached',
  ENETUNREACH: 'the server cannot be reached',
  ENOTFOUND: 'the name of the host is not known',
  EAI_AGAIN: 'the name of the host cannot be looked up',
  ENOENT: 'a file or socket is missing',
  EACCES: 'a file or socket cannot be opened',
}

function addressOf(error: unknown): string {
  const { address, port, hostname } = error as Readonly<Record<string, unknown>>
  const host = address ?? hostname
  if (typeof host !== 'string' || !/^[\w.:-]{1,100}$/.test(host)) return ''
  return typeof port === 'number' ? ` ${host} port ${port}` : ` ${host}`
}

/** What the client says without a code. */
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
 * The names in an error of the server itself, that is, of none of its functions and triggers: these raise
 * what they like, and run statements that are made of values.
 */
function namesIn(error: unknown): readonly string[] {
  if (!(error instanceof DatabaseError) || !isOfServer(error)) return []
  const { table, column, constraint } = error
  const named = Object.entries({ table, column, constraint }).flatMap(([kind, name]) =>
    name !== undefined && identifier.test(name) ? [`${kind} ${name}`] : [],
  )
  return [...named, ...namesInMessage(error)]
}

/** A COPY says only at which line it was; with a function, the lines before that one name it. */
function isOfServer({ where }: DatabaseError): boolean {
  return where === undefined || /^COPY \w+, line \d+[^\n]*$/.test(where)
}

/** In English; messages in other languages go without. */
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
