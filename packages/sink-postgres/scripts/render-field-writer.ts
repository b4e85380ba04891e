import type { FieldColumn } from '../src/rows/columns.ts'
import { valueWriters } from '../src/rows/value-writers.ts'

/**
 * Returns the field writer as straight-line code, which is three times as fast as a loop over the columns.
 */
export function renderFieldWriter(columns: readonly FieldColumn[]): string {
  const names = [...new Set(columns.map(({ type }) => valueWriters[type].name))].sort()
  return `// Generated from the field catalogue by scripts/generate-field-writer.ts. Do not edit.

import type { CdrFields } from '@cdrstream/catalogue'
import type { ByteWriter } from '../byte-writer.ts'
import { ${names.join(', ')}, type Unstorable } from '../value-writers.ts'

/**
 * Writes a value for each field, in the order of the columns. A value that its column cannot hold is written
 * as null and added to \`unstorable\`.
 */
export function writeFields(writer: ByteWriter, fields: CdrFields, unstorable: Unstorable): void {
${columns.map(renderStep).join('')}}
`
}

function renderStep({ column, type, name }: FieldColumn): string {
  const { name: write } = valueWriters[type]
  return `  if (fields.${column} === null) writer.null()
  else ${write}(writer, fields.${column}, ${JSON.stringify(name)}, unstorable)
`
}
