/** With fewer days left than this, users get a warning that a refresh token will expire. */
export const soonDays = 14

/** Returns the whole days from `nowMs` to `endsAtMs`, or null if the end is unknown. */
export function daysLeft(endsAtMs: number | null, nowMs: number): number | null {
  return endsAtMs === null ? null : Math.max(0, Math.floor((endsAtMs - nowMs) / 86_400_000))
}
