/**
 * Returns the type of an error as Elasticsearch names them, such as `mapper_parsing_exception`; empty for
 * anything else, which may quote a record or come from another server.
 */
export function knownErrorType(type: unknown): string {
  return typeof type === 'string' && type.length <= 80 && /^(?:[a-z]+_){0,10}exception$/.test(type)
    ? type
    : ''
}
