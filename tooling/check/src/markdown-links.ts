/** Returns the targets of the links and images in a Markdown text, except in code. */
export function linkTargets(markdown: string): readonly string[] {
  const text = withoutCode(markdown)
  const inline = text.matchAll(/\]\(([^()\s]+)(?:\s+"[^"]*")?\)/g)
  const html = text.matchAll(/\b(?:href|src|srcset)="([^"\s]+)"/g)
  const references = text.matchAll(/^ {0,3}\[[^\]]+\]:\s+(\S+)/gm)
  return [...inline, ...html, ...references].map(([, target = '']) => target)
}

/** Returns the anchors that GitHub assigns to the headings in a Markdown text. */
export function anchors(markdown: string): ReadonlySet<string> {
  const found = new Map<string, number>()
  for (const [, heading = ''] of withoutFences(markdown).matchAll(/^#{1,6} +(.+?) *#*$/gm)) {
    const name = heading
      .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\p{M} _-]/gu, '')
      .replaceAll(' ', '-')
    const earlier = [...found.keys()].filter((key) => key === name || key.startsWith(`${name}#`)).length
    found.set(earlier === 0 ? name : `${name}#${earlier}`, earlier)
  }
  return new Set([...found.keys()].map((key) => key.replace('#', '-')))
}

function withoutCode(markdown: string): string {
  return withoutFences(markdown).replace(/`[^`\n]*`/g, (code) => (code.includes('](') ? '' : code))
}

function withoutFences(markdown: string): string {
  return markdown.replace(/^ *```[\s\S]*?^ *```/gm, '')
}
