/**
 * Makes a quick test of a record's text: false only if none of these fields has a value in it, whatever the letter case and whatever
 * stands between the words of its name. It costs a pass over the text, and spares taking it apart.
 */
export function mayHoldValue(names: readonly string[]): (text: string) => boolean {
  if (names.length === 0) return () => false
  const between = '[^a-z0-9"\\u0080-\\uffff]*'
  const spellings = names.map((name) => (name.match(/[A-Za-z0-9]+/g) ?? []).join(between))
  const withValue = new RegExp(`(?:${spellings.join('|')})${between}"\\s*:\\s*(?!\\s|""|null)`, 'i')
  // A name may be written with escapes.
  return (text) => text.includes('\\') || withValue.test(text)
}
