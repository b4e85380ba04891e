/** Returns all keys of a zod schema, at any depth; none for a schema from another library. */
export function schemaKeys(schema: unknown): readonly string[] {
  const keys = new Set<string>()
  const left = [schema]
  const seen = new Set<unknown>()
  while (left.length > 0) {
    const next = left.pop()
    if (seen.has(next)) continue
    seen.add(next)
    const { shape, innerType, element, in: before, out: after } = definitionOf(next)
    left.push(innerType, element, before, after)
    for (const [key, inner] of Object.entries(shape ?? {})) {
      keys.add(key)
      left.push(inner)
    }
  }
  return [...keys]
}

interface Definition {
  readonly shape?: object
  readonly innerType?: unknown
  readonly element?: unknown
  readonly in?: unknown
  readonly out?: unknown
}

function definitionOf(schema: unknown): Definition {
  const internals: unknown = typeof schema === 'object' && schema !== null && Reflect.get(schema, '_zod')
  const definition: unknown =
    typeof internals === 'object' && internals !== null && Reflect.get(internals, 'def')
  return typeof definition === 'object' && definition !== null ? definition : {}
}
