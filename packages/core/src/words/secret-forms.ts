import type { WantedText } from './text-finder.ts'

/** A shorter text is part of too many words: hiding it would garble each line, and show what it is. */
export const shortestSecret = 3

/** Shorter ones may be part of a word by chance, and are hidden only where they stand alone. */
const shortestInWords = 8

/**
 * Returns the texts by which a secret can be recognized: as it is, and percent-encoded, form-encoded, escaped as in
 * JSON and HTML, in hexadecimal, and in base64, there also within a longer text such as `user:password`.
 */
export function secretForms(secret: string): readonly WantedText[] {
  const text = secret.toWellFormed()
  if (text.length < shortestSecret) return []
  const bytes = new TextEncoder().encode(text)
  const percent = encodeURIComponent(text)
  const form = new URLSearchParams([['', text]]).toString().slice(1)
  const everyByte = hexOf(bytes, '%')
  const json = JSON.stringify(text).slice(1, -1)
  const base64 = base64Of(bytes).replace(/=+$/, '')
  const alone = [
    secret,
    ...[percent, form, everyByte].flatMap((each) => [each, lowerEscapes(each)]),
    json,
    json.replaceAll('/', '\\/'),
    escapedAscii(json),
    htmlOf(text),
    base64,
    urlSafe(base64),
    hexOf(bytes, ''),
    hexOf(bytes, '').toUpperCase(),
  ].map((each) => ({ text: each, wholeWord: each.length < shortestInWords }))
  const within = [0, 1, 2]
    .map((before) => base64Within(bytes, before))
    .flatMap((each) => [each, urlSafe(each)])
    .filter((each) => each.length >= shortestInWords)
    .map((each) => ({ text: each, wholeWord: false }))
  return [...new Map([...alone, ...within].map((each) => [each.text, each])).values()]
}

/** The characters of base64 that depend on these bytes alone if so many bytes, modulo three, stand before them. */
function base64Within(bytes: Uint8Array, before: number): string {
  const padded = new Uint8Array(before + bytes.length)
  padded.set(bytes, before)
  const bits = padded.length * 8
  return base64Of(padded).slice(Math.ceil((before * 8) / 6), Math.floor(bits / 6))
}

function base64Of(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
}

function urlSafe(base64: string): string {
  return base64.replaceAll('+', '-').replaceAll('/', '_')
}

function hexOf(bytes: Uint8Array, before: string): string {
  return Array.from(bytes, (byte) => before + byte.toString(16).padStart(2, '0')).join('')
}

function lowerEscapes(percent: string): string {
  return percent.replace(/%[0-9A-F]{2}/g, (byte) => byte.toLowerCase())
}

function escapedAscii(json: string): string {
  return json.replace(/[^ -~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

function htmlOf(text: string): string {
  const names: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
  return text.replace(/[&<>"]/g, (character) => names[character] ?? character)
}
