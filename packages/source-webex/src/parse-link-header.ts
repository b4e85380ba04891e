import type { NextLink } from '@cdrstream/core'
import { readNextLink } from './read-next-link.ts'

type LinkHeader =
  /** The last page: no header, or only links with other relations. */
  | { readonly kind: 'none' }
  | { readonly kind: 'next'; readonly next: NextLink }
  /** A header in an unknown format. Treating this as the last page could lose all later ones. */
  | { readonly kind: 'not-understood' }

/**
 * Returns the link to the next page from the Link headers of an answer. Supports RFC 8288, in any letter
 * case, and the misprint in Cisco's documentation, `<<URL>;rel="next">` (API facts, section 6). URLs may
 * contain unencoded commas, semicolons, spaces and colons.
 */
export function parseLinkHeader(header: string | readonly string[] | undefined): LinkHeader {
  const texts = header === undefined ? [] : typeof header === 'string' ? [header] : header
  const parsed = texts.map(parseLinks)
  const nexts = new Set(parsed.flatMap(({ links }) => links.filter(isNext)).map(({ url }) => url))
  const [url, ...others] = nexts
  if (url === undefined) {
    const understood = parsed.every(({ rest, links }) => rest === '' && links.every(hasRelation))
    return understood ? { kind: 'none' } : { kind: 'not-understood' }
  }
  const next = others.length === 0 ? readNextLink(url) : undefined
  return next === undefined ? { kind: 'not-understood' } : { kind: 'next', next }
}

interface Link {
  readonly url: string
  /** The relation types in lower case. */
  readonly relations: readonly string[]
}

function isNext({ relations }: Link): boolean {
  return relations.includes('next')
}

function hasRelation({ relations }: Link): boolean {
  return relations.length > 0
}

/** Returns the links in one header, and the rest of the text from the point where parsing fails. */
function parseLinks(header: string): { readonly links: readonly Link[]; readonly rest: string } {
  const links: Link[] = []
  let at = 0
  for (;;) {
    at = matchEnd(/[\s,]*/y, header, at)
    if (at === header.length) return { links, rest: '' }
    const parsed = parseLink(header, at)
    if (parsed === undefined) return { links, rest: header.slice(at) }
    links.push(parsed.link)
    at = parsed.end
  }
}

/**
 * Parses one link: `<URL>` and parameters. The misprint has an extra pair of brackets around the link or
 * around the URL.
 */
function parseLink(header: string, from: number): { readonly link: Link; readonly end: number } | undefined {
  const opened = match(/<(<?)([^<>]*)>/y, header, from)
  if (opened === undefined) return undefined
  const [whole, misprint, url = ''] = opened
  let bracketsToClose = misprint === '<' ? 1 : 0
  let relations: readonly string[] | undefined
  let at = from + whole.length
  for (;;) {
    at = matchEnd(/\s*/y, header, at)
    if (at === header.length || header[at] === ',') break
    if (header[at] === '>' && bracketsToClose > 0) {
      bracketsToClose -= 1
      at += 1
      continue
    }
    const parameter = match(
      /;\s*(?:([^\s=;,<>"]+)\s*(?:=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s;,<>"]+)))?)?/y,
      header,
      at,
    )
    if (parameter === undefined) return undefined
    const [text, name, quoted, token] = parameter
    // The first of several rel parameters applies (RFC 8288, section 3.3).
    if (name?.toLowerCase() === 'rel') relations ??= relationTypes(quoted ?? token ?? '')
    at += text.length
  }
  return { link: { url, relations: relations ?? [] }, end: at }
}

function relationTypes(value: string): readonly string[] {
  return value
    .replace(/\\(.)/g, '$1')
    .toLowerCase()
    .split(/\s+/)
    .filter((type) => type !== '')
}

function match(sticky: RegExp, text: string, at: number): RegExpExecArray | undefined {
  sticky.lastIndex = at
  return sticky.exec(text) ?? undefined
}

function matchEnd(sticky: RegExp, text: string, at: number): number {
  return at + (match(sticky, text, at)?.[0].length ?? 0)
}
