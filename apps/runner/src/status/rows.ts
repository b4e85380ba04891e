/** Returns a line of status output with a label. */
export function row(label: string, value: string): string {
  return `${label.padEnd(13)}${value}`
}
