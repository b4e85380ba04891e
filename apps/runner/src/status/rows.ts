/** Returns a line with a label, as the parts of a status have it. */
export function row(label: string, value: string): string {
  return `${label.padEnd(13)}${value}`
}
