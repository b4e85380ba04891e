import type { z } from 'zod'
import { type BuiltInSinks, findSink } from '../../src/sinks/find-sink.ts'
import { configurationJsonSchema } from './configuration-json-schema.ts'

/** Returns the text of `cdrstream.schema.json`, with the options of these sinks. */
export async function renderJsonSchema(builtInSinks: BuiltInSinks): Promise<string> {
  const schemas = Array.from(builtInSinks.keys(), async (use) => {
    const found = await findSink(use, '.', builtInSinks)
    if (found.kind === 'problem' || !isZodSchema(found.plugin.options))
      throw new TypeError(`not of zod: ${use}`)
    return [use, found.plugin.options] as const
  })
  const options = new Map(await Promise.all(schemas))
  return `${JSON.stringify(configurationJsonSchema(options), null, 2)}\n`
}

function isZodSchema(schema: unknown): schema is z.core.$ZodType {
  return typeof schema === 'object' && schema !== null && '_zod' in schema
}
