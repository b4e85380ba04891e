import { httpSchema } from './http-schema.ts'
import { journalSchema } from './journal-schema.ts'
import { mapping } from './leaf.ts'
import { orgsSchema } from './orgs-schema.ts'
import { sinksSchema } from './sinks-schema.ts'
import { webexSchema } from './webex-schema.ts'

/** The sections of a configuration, their forms and their defaults (docs/configuration.md). */
export const configurationSchema = mapping('a mapping with orgs, journal and sinks', {
  orgs: orgsSchema.describe('The Webex organizations to collect from.'),
  journal: journalSchema.describe(
    'The journal: the durable log of accepted records. Relative paths start from the directory of this file.',
  ),
  sinks: sinksSchema.describe('Where the records are delivered.'),
  http: httpSchema.describe('The HTTP server for probes, metrics and status. Default: none.').optional(),
  webex: webexSchema.describe('The API terms, and the hosts that may receive tokens.'),
})
