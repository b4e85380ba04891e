/** The error in a response with an error status, or for one document in a bulk request. */
export interface ServerError {
  /** Elasticsearch's error type. Empty if the response has none, for example from a proxy. */
  readonly type: string
  /** Elasticsearch's message, which may quote the record if the request contained one. */
  readonly reason: string
  /** The index that the error concerns, if it names one. */
  readonly index?: string
  /** The feature that the license does not include, if that is the cause. */
  readonly unlicensedFeature?: string
}

interface RawError {
  readonly type?: unknown
  readonly reason?: unknown
  readonly index?: unknown
  readonly caused_by?: unknown
  readonly 'license.expired.feature'?: unknown
}

/**
 * Longer than the final text, because the engine first hides secrets in a reason and then shortens it to one
 * line.
 */
const longestReason = 2_000

/** Returns the innermost cause of an `error`, because the outer ones only show where it occurred. */
export function readServerError(error: unknown): ServerError {
  const { type, reason, index, ...rest } = innermost(error)
  const feature = rest['license.expired.feature']
  return {
    type: knownType(type),
    reason: typeof reason === 'string' ? reason.slice(0, longestReason) : '',
    ...(isIndexName(index) ? { index } : {}),
    ...(isFeature(feature) ? { unlicensedFeature: feature } : {}),
  }
}

/**
 * Returns the type if it has the form of Elasticsearch's types, such as `mapper_parsing_exception`. Returns
 * an empty string for anything else, which may quote a record or come from a different kind of server.
 */
function knownType(type: unknown): string {
  return typeof type === 'string' && type.length <= 80 && /^(?:[a-z]+_){0,10}exception$/.test(type)
    ? type
    : ''
}

/** Elasticsearch nests only a few causes, but a server in its place could nest thousands. */
const maxCauses = 100

function innermost(error: unknown): RawError {
  let found = asError(error)
  for (let depth = 0; depth < maxCauses; depth += 1) {
    const { caused_by: cause } = found
    if (typeof cause !== 'object' || cause === null || !('type' in cause)) return found
    found = cause
  }
  return found
}

/** Allows only characters that occur in the names of the sink's indices. */
function isIndexName(name: unknown): name is string {
  return typeof name === 'string' && /^[\w.-]{1,255}$/.test(name)
}

function asError(error: unknown): RawError {
  return typeof error === 'object' && error !== null ? error : {}
}

function isFeature(name: unknown): name is string {
  return typeof name === 'string' && /^[\w -]{1,60}$/.test(name)
}
