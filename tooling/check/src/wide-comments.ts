/** The line width of the code, `lineWidth` in biome.json. The formatter does not wrap comments. */
export const widest = 110

/**
 * Returns the line numbers of comments that are wider than the code may be. A line that cannot be broken,
 * such as a URL, may be wider.
 */
export function wideComments(source: string): readonly number[] {
  const wide: number[] = []
  let inBlock = false
  for (const [index, line] of source.split('\n').entries()) {
    const start: number = inBlock ? line.search(/\S/) : commentStart(line)
    if (start !== -1) {
      if (line.length > widest && canBreak(line, start)) wide.push(index + 1)
      inBlock = inBlock || line.startsWith('/*', start)
      if (inBlock && line.includes('*/', start)) inBlock = false
    }
  }
  return wide
}

/** Returns where the comment in a line begins, or -1. A `//` before a quote could be part of a string. */
function commentStart(line: string): number {
  const whole = /^\s*(?=\/\/|\/\*(?!.*\*\/\s*\S))/.exec(line)
  if (whole !== null) return whole[0].length
  const trailing = /\s\/\/\s[^'"`]*$/.exec(line)
  return trailing === null ? -1 : trailing.index + 1
}

function canBreak(line: string, start: number): boolean {
  const text = /^(\/\/|\/\*\*?|\*)?\s*/.exec(line.slice(start))?.[0].length ?? 0
  const space = line.slice(start + text, widest + 1).lastIndexOf(' ')
  return space > 0
}
