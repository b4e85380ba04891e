/**
 * Returns the API's own messages in an error body, the most useful first, or none for a body of a different
 * shape. The usual shape (API facts, section 8) is `{"message": "...", "errors": [{"description": "..."}],
 * "trackingId": "..."}`.
 */
export function readErrorBody(body: string): readonly string[] {
  const parsed = parseJson(body)
  if (!isObject(parsed)) return []
  const errors: readonly unknown[] = Array.isArray(parsed.errors) ? parsed.errors : []
  const descriptions = errors.map((error) => (isObject(error) ? error.description : undefined))
  return [parsed.message, ...descriptions].filter(
    (words): words is string => typeof words === 'string' && words.trim() !== '',
  )
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}
