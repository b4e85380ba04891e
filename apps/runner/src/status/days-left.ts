/** With fewer days left than this, users are warned that a refresh token ends. */
export const soonDays = 14

/** Returns the whole days from `nowMs` to `endsAtMs`; null if the end is not known. */
export function daysLeft(endsAtMs: number | null, nowMs: number): number | null {
  return endsAtMs === null ? null : Math.max(0, Math.floor((endsAtMs - nowMs) / 86_400_000))
}
