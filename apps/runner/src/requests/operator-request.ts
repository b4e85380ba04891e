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

/**
 * A command's request to the collector. Stored in the journal, so a different version may have written it.
 */
const operatorRequest = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('sink-pause'), sink: z.string() }),
  z.object({ kind: z.literal('sink-resume'), sink: z.string() }),
  z.object({ kind: z.literal('sink-retry'), sink: z.string() }),
  z.object({ kind: z.literal('sink-forget'), sink: z.string() }),
  /** `sinceMs`: records accepted at or after this time; null for all records in the journal. */
  z.object({
    kind: z.literal('replay'),
    sink: z.string(),
    sinceMs: z.number().nullable(),
    duplicatesOk: z.boolean(),
  }),
  z.object({ kind: z.literal('reload') }),
  z.object({ kind: z.literal('quarantine-retry'), filter }),
  /** `throughId`: the newest item that was shown to the operator. */
  z.object({ kind: z.literal('quarantine-drop'), filter, throughId: z.number().int() }),
])

export type OperatorRequest = z.infer<typeof operatorRequest>
export type RequestOf<Kind extends OperatorRequest['kind']> = OperatorRequest & { readonly kind: Kind }

/** Returns the request, or undefined if this version does not support it. */
export function readOperatorRequest(kind: string, given: unknown): OperatorRequest | undefined {
  return operatorRequest.safeParse({ ...(given as object), kind }).data
}

/** The result of a request. Users rely on the form of `details` (docs/commands.md). */
export interface RequestResult {
  /** A stable code for programs. */
  readonly code: string
  /** One line for the user. */
  readonly message: string
  readonly details?: Readonly<Record<string, unknown>>
}
