/** What Elasticsearch says in an answer with an error status, or about one document of a bulk request. */
export interface ServerError {
  /** Elasticsearch's own name of the error; empty if the answer has none, as that of a proxy. */
  readonly type: string
  /** Elasticsearch's own words, which quote the record if the request held one. */
  readonly reason: string
  /** The index that the error is about, if it names one. */
  readonly index?: string
  /** What the license does not include, if that is the reason. */
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
 * Longer than what is shown in the end: the engine hides secrets in it, and only then cuts and makes it one
 * line.
 */
const longestReason = 2_000

/** Returns the innermost cause of an `error`, because the outer ones only say where it arose. */
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
 * Returns the type of an error as Elasticsearch names them, such as `mapper_parsing_exception`; empty for
 * anything else, which may quote a record or come from another server.
 */
function knownType(type: unknown): string {
  return typeof type === 'string' && type.length <= 80 && /^(?:[a-z]+_){0,10}exception$/.test(type)
    ? type
    : ''
}

/** Elasticsearch nests a handful; a server in its place could nest as many as fit into an answer. */
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

/** The names of the sink's indices have no other characters. */
function isIndexName(name: unknown): name is string {
  return typeof name === 'string' && /^[\w.-]{1,255}$/.test(name)
}

function asError(error: unknown): RawError {
  return typeof error === 'object' && error !== null ? error : {}
}

function isFeature(name: unknown): name is string {
  return typeof name === 'string' && /^[\w -]{1,60}$/.test(name)
}
