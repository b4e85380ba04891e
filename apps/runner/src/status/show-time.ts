/** Formats a time for status output, such as `2026-11-24 12:00:30 UTC`. */
export function showTime(iso: string): string {
  return `${iso.slice(0, 10)} ${iso.slice(11, 19)} UTC`
}
