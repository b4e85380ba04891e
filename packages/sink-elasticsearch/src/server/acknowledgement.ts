import { z } from 'zod'

/**
 * The response to a change to an index or a template. `false` means that some nodes did not confirm the
 * change in time, but it still takes effect.
 */
export const acknowledgement = z.object({ acknowledged: z.boolean() })
