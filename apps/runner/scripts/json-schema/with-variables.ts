/** The parts of a JSON Schema that this module reads. */
export interface JsonSchema {
  readonly properties?: Readonly<Record<string, JsonSchema>>
  readonly items?: JsonSchema
  readonly anyOf?: readonly JsonSchema[]
  readonly [keyword: string]: unknown
}

/**
 * Returns the schema with `${…}` allowed wherever a string, a number or a boolean is expected. Adds the
 * value's form (our custom keyword `expected`) and its default to the descriptions, because not every editor
 * shows these otherwise.
 */
export function withVariables(schema: JsonSchema): JsonSchema {
  const { description, default: usual, examples, expected, ...form } = schema
  const facts = {
    ...describe(description, expected, usual),
    ...(usual !== undefined && !isEmptyMapping(usual) && { default: usual }),
    ...(examples !== undefined && { examples }),
  }
  if (isScalar(form)) {
    return { ...facts, ...(takesVariables(form) ? form : { anyOf: [form, variable] }) }
  }
  const { properties, items, anyOf, ...rest } = form
  return {
    ...facts,
    ...rest,
    ...(properties && {
      properties: Object.fromEntries(
        Object.entries(properties).map(([key, inner]) => [key, withVariables(inner)]),
      ),
    }),
    ...(items && { items: withVariables(items) }),
    ...(anyOf && { anyOf: anyOf.map(withVariables) }),
  }
}

const variable = { $ref: '#/definitions/variable' }

function isScalar({ type }: JsonSchema): boolean {
  return typeof type === 'string' && ['string', 'integer', 'number', 'boolean'].includes(type)
}

/** An unconstrained string may also be `${NAME}`. */
function takesVariables({ type, enum: words, anyOf, minLength, pattern = '' }: JsonSchema): boolean {
  const isAnyText = type === 'string' && words === undefined && anyOf === undefined
  return isAnyText && Number(minLength ?? 0) <= 1 && new RegExp(String(pattern)).test(`\${NAME}`)
}

function describe(description: unknown, expected: unknown, usual: unknown): { description?: string } {
  const texts = [
    description,
    typeof expected === 'string' && expected !== 'text' && expected !== 'a mapping' && `Value: ${expected}.`,
    ['string', 'number', 'boolean'].includes(typeof usual) && `Default: ${usual}.`,
  ].filter((text) => typeof text === 'string')
  return texts.length === 0 ? {} : { description: texts.join(' ') }
}

function isEmptyMapping(value: unknown): boolean {
  return (
    typeof value === 'object' && value !== null && !Array.isArray(value) && Object.keys(value).length === 0
  )
}
