/** With fewer days than this a person should know that a refresh token ends. */
export const soonDays = 14

/** Whole days from `nowMs` to `endsAtMs`; null: nobody knows when it ends. */
export function daysLeft(endsAtMs: number | null, nowMs: number): number | null {
  return endsAtMs === null ? null : Math.max(0, Math.floor((endsAtMs - nowMs) / 86_400_000))
}
