import { writeFileSync } from 'node:fs'
import { builtInSinks } from '../src/built-in-sinks.ts'
import { renderJsonSchema } from './json-schema/render-json-schema.ts'

writeFileSync(new URL('../cdrstream.schema.json', import.meta.url), await renderJsonSchema(builtInSinks))
