import { z } from 'zod'

const filter = z
  .object({
    ids: z.array(z.number().int()),
    org: z.string(),
    sink: z.string(),
    kind: z.literal('unreadable'),
    reason: z.string(),
  })
  .partial()
  .strict()

/** What a command asks of the collector. Stored in the journal, so it may come from another version. */
const operatorRequest = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('sink-pause'), sink: z.string() }),
  z.object({ kind: z.literal('sink-resume'), sink: z.string() }),
  z.object({ kind: z.literal('sink-retry'), sink: z.string() }),
  z.object({ kind: z.literal('sink-forget'), sink: z.string() }),
  /** `sinceMs`: records accepted at or after this time; null for all that the journal keeps. */
  z.object({
    kind: z.literal('replay'),
    sink: z.string(),
    sinceMs: z.number().nullable(),
    duplicatesOk: z.boolean(),
  }),
  z.object({ kind: z.literal('reload') }),
  z.object({ kind: z.literal('quarantine-retry'), filter }),
  /** `throughId`: the newest item that the operator was told about. */
  z.object({ kind: z.literal('quarantine-drop'), filter, throughId: z.number().int() }),
])

export type OperatorRequest = z.infer<typeof operatorRequest>
export type RequestOf<Kind extends OperatorRequest['kind']> = OperatorRequest & { readonly kind: Kind }

/** Returns the request, or undefined if this version does not understand it. */
export function readOperatorRequest(kind: string, given: unknown): OperatorRequest | undefined {
  return operatorRequest.safeParse({ ...(given as object), kind }).data
}

/** What came of a request. Users rely on the form of `details` (docs/commands.md). */
export interface RequestResult {
  /** Stable, for machines. */
  readonly code: string
  /** One line for a person. */
  readonly message: string
  readonly details?: Readonly<Record<string, unknown>>
}
