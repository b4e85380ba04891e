import type { WantedText } from './text-finder.ts'

/**
 * The shortest secret that is hidden, in characters. Shorter ones occur in most words: hiding them
 * would garble every line and reveal them.
 */
export const shortestSecret = 3

/** Shorter texts may be part of a word by chance, and are hidden only as a separate word. */
const shortestInWords = 8

/**
 * Returns the texts by which a secret can be recognized: as is, percent-encoded, form-encoded, escaped as in
 * JSON and HTML, in hexadecimal, and in base64, including inside a longer text such as `user:password`.
 */
export function secretForms(secret: string): readonly WantedText[] {
  const text = secret.toWellFormed()
  if (text.length < shortestSecret) return []
  const percent = encodeURIComponent(text)
  const bytes = bytesOf(percent)
  const form = percent
    .replaceAll('%20', '+')
    .replace(/[!'()~]/g, (mark) => hexOf([mark.charCodeAt(0)], '%').toUpperCase())
  const everyByte = hexOf(bytes, '%').toUpperCase()
  const json = JSON.stringify(text).slice(1, -1)
  const base64 = base64Of(bytes)
  const alone = [
    secret,
    // Servers and libraries omit the padding of base64.
    text.replace(/=+$/, ''),
    ...[percent, form, everyByte].flatMap((each) => [each, lowerEscapes(each)]),
    json,
    json.replaceAll('/', '\\/'),
    escapedAscii(json),
    htmlOf(text),
    base64,
    urlSafe(base64),
    hexOf(bytes, ''),
    hexOf(bytes, '').toUpperCase(),
  ]
    .filter((each) => each.length >= shortestSecret)
    .map((each) => ({ text: each, wholeWord: each.length < shortestInWords }))
  const within = [0, 1, 2]
    .map((before) => base64Within(bytes, before))
    .flatMap((each) => [each, urlSafe(each)])
    .filter((each) => each.length >= shortestInWords)
    .map((each) => ({ text: each, wholeWord: false }))
  return [...new Map([...alone, ...within].map((each) => [each.text, each])).values()]
}

/**
 * Returns the base64 characters that depend on these bytes alone. `before` is the number of preceding bytes,
 * modulo 3.
 */
function base64Within(bytes: readonly number[], before: number): string {
  const padded = [...Array.from({ length: before }, () => 0), ...bytes]
  return base64Of(padded).slice(Math.ceil((before * 8) / 6), Math.floor((padded.length * 8) / 6))
}

const base64Digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

/** Returns base64 without padding. */
function base64Of(bytes: readonly number[]): string {
  let digits = ''
  for (let at = 0; at < bytes.length; at += 3) {
    const [first = 0, second = 0, third = 0] = bytes.slice(at, at + 3)
    const bits = (first << 16) | (second << 8) | third
    for (const shift of [18, 12, 6, 0]) digits += base64Digits.charAt((bits >> shift) & 63)
  }
  return digits.slice(0, Math.ceil((bytes.length * 8) / 6))
}

/** Returns the UTF-8 bytes of a percent-encoded text. */
function bytesOf(percent: string): readonly number[] {
  return [...percent.matchAll(/%([0-9A-F]{2})|./g)].map(([character, hex]) =>
    hex === undefined ? character.charCodeAt(0) : Number.parseInt(hex, 16),
  )
}

function urlSafe(base64: string): string {
  return base64.replaceAll('+', '-').replaceAll('/', '_')
}

function hexOf(bytes: readonly number[], before: string): string {
  return bytes.map((byte) => before + byte.toString(16).padStart(2, '0')).join('')
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
