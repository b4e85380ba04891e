import type { z } from 'zod'
import { fieldPolicyForm } from '../field-policy/field-policy-form.ts'
import { anyMapping, instant, list, mapping, name, path } from './leaf.ts'

const sinkSchema = mapping('a sink: { name, use, options }', {
  name: name.describe('The unique name of the sink in logs and status.'),
  use: path
    .describe(
      '`file`, `postgres` or `elasticsearch`; the path of a sink of your own, such as `./my-sink.ts`; or the name of a package.',
    )
    .meta({ examples: ['file', 'postgres', 'elasticsearch', './my-sink.ts'] }),
  from: instant
    .describe('Where a new sink begins: with the earliest record in the journal, now, or at a given time.')
    .prefault('earliest'),
  /** `readFieldPolicy` checks its content. */
  fields: anyMapping(fieldPolicyForm())
    .describe(
      'Which personal data the sink receives: for each class or field, `keep`, `drop`, `hash` or `{ mask: N }`. Default: everything but secrets.',
    )
    .optional(),
  options: anyMapping().describe('The sink options. Default: none.').prefault({}),
})

export const sinksSchema = list('a list of at least one sink', sinkSchema, 1, 1_000)

export type ShapedSink = z.output<typeof sinkSchema>
