import { durationOption, flagOption, pathOption } from '@cdrstream/sink-kit'
import { z } from 'zod'
import { addressProblem, choice } from './connection/server-address.ts'
import { type SslMode, sslModes } from './connection/tls-options.ts'

/** The checked options of the Postgres sink. */
export interface PostgresSinkOptions {
  /**
   * `postgres://user:password@host:port/database`. Missing parts come from the `PG*` variables, as in psql.
   * Several hosts are tried in order.
   */
  readonly url?: string | undefined
  /** The schema of the tables. Default `cdr`. */
  readonly schema: string
  /**
   * Whether the sink creates and upgrades the schema and its partitions. If false, it only checks them.
   * Default true.
   */
  readonly manageSchema: boolean
  /** Whether the API's own JSON is also stored, in the column `raw`. Default false. */
  readonly rawText: boolean
  /** Whether earlier revisions are also stored, in the table `revision`. Default false. */
  readonly keepRevisions: boolean
  /** The `retention` option in milliseconds. Months that ended longer ago are dropped. Default: none. */
  readonly retentionMs?: number | undefined
  /**
   * The TLS mode, as in libpq. Default: from the URL or `PGSSLMODE`; otherwise `verify-full`, or `disable`
   * for a server on this machine.
   */
  readonly sslmode?: SslMode | undefined
  /**
   * A PEM file with the CA certificate that signed the server's certificate, or `system` for the CAs that
   * Node.js trusts. Default: from the URL or `PGSSLROOTCERT`; otherwise the CAs that Node.js trusts.
   */
  readonly sslrootcert?: string | undefined
  /** A PEM file with the client certificate. Default: from the URL or `PGSSLCERT`. */
  readonly sslcert?: string | undefined
  /** A PEM file with the key of the client certificate. Default: from the URL or `PGSSLKEY`. */
  readonly sslkey?: string | undefined
}

const expectedSchema =
  'expected a name of at most 40 characters: lowercase letters, digits and _, not starting with a digit'

const file = pathOption('a PEM file').optional()

/** The schema of the options in the configuration. */
export const postgresSinkOptions = z
  .strictObject({
    url: z
      .string(addressProblem(''))
      .superRefine((text, context) => {
        const message = addressProblem(text)
        if (message !== undefined) context.addIssue({ code: 'custom', message })
      })
      .describe('`postgres://user:password@host:port/database`. Default: the `PG*` variables.')
      .optional(),
    schema: z
      .string(expectedSchema)
      .regex(/^[a-z_][a-z0-9_]{0,39}$/, expectedSchema)
      .default('cdr')
      .describe('The schema of the tables.'),
    manageSchema: flagOption()
      .default(true)
      .describe('Whether the sink creates and upgrades the schema. If false, it only checks it.'),
    rawText: flagOption()
      .default(false)
      .describe("Whether the API's own JSON is also stored, in the column `raw`."),
    keepRevisions: flagOption()
      .default(false)
      .describe('Whether earlier revisions are also stored, in the table `revision`.'),
    retention: durationOption({ least: '31d', example: '400d' })
      .describe('A duration of at least 31d. Months that ended longer ago are dropped. Default: none.')
      .optional(),
    sslmode: z
      .enum(sslModes, `expected ${choice(sslModes)}`)
      .describe(
        'As in libpq. Default: from the URL, `PGSSLMODE`, or `verify-full`; `disable` for a server on this machine.',
      )
      .optional(),
    sslrootcert: file.describe(
      "A PEM file with the CA certificate that signed the server's certificate, or `system`. Default: the CAs that Node.js trusts.",
    ),
    sslcert: file.describe("A PEM file with the client's certificate."),
    sslkey: file.describe("A PEM file with the key of the client's certificate."),
  })
  .transform(({ retention, ...others }): PostgresSinkOptions => ({ ...others, retentionMs: retention }))
