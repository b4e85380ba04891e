import { z } from 'zod'

/**
 * The answer to a change of indices and templates. It is `false` where some nodes did not confirm the change
 * in time; the change is made nonetheless.
 */
export const acknowledgement = z.object({ acknowledged: z.boolean() })
