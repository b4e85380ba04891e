import { z } from 'zod'
import { configurationSchema } from '../../src/configuration/schema/configuration-schema.ts'
import { schemaAddress } from '../../src/configuration/schema-comment.ts'
import { type JsonSchema, withVariables } from './with-variables.ts'

/** The zod schemas of the built-in sinks' options, by the value of `use`. */
export type OptionSchemas = ReadonlyMap<string, z.core.$ZodType>

/** Returns the JSON Schema of the configuration (draft 7, which editors support best). */
export function configurationJsonSchema(options: OptionSchemas): JsonSchema {
  const { properties = {}, ...configuration } = jsonSchemaOf(configurationSchema)
  const { sinks = {} } = properties
  const ofEachSink = Array.from(options, ([use, schema]) => optionsCase(use, schema))
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    $id: schemaAddress,
    title: 'Configuration of cdrstream',
    ...configuration,
    properties: { ...properties, sinks: { ...sinks, items: { ...sinks.items, allOf: ofEachSink } } },
    definitions: {
      variable: {
        description: 'An environment variable or the content of a file: see docs/configuration.md.',
        type: 'string',
        pattern: String.raw`\$\{[^}]+\}`,
      },
    },
  }
}

/** The options of custom sinks are not known, so any mapping is valid. */
function optionsCase(use: string, schema: z.core.$ZodType): JsonSchema {
  const areRequired = !z.safeParse(schema, {}).success
  return {
    if: { properties: { use: { const: use } }, required: ['use'] },
    // biome-ignore lint/suspicious/noThenProperty: it is a keyword of JSON Schema
    then: {
      properties: { options: jsonSchemaOf(schema) },
      ...(areRequired && { required: ['options'] }),
    },
  }
}

function jsonSchemaOf(schema: z.core.$ZodType): JsonSchema {
  const { $schema: _, ...written } = z.toJSONSchema(schema, { io: 'input', target: 'draft-7' })
  return withVariables(written as JsonSchema)
}
