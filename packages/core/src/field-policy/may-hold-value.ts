/**
 * Returns a quick test of a record's text: false only if no field whose folded name is among `folds` has a value in it. It costs
 * a pass over the text, and most records need not be taken apart after it.
 */
export function mayHoldValue(folds: readonly string[]): (text: string) => boolean {
  if (folds.length === 0) return () => false
  const between = '[^a-z0-9"]*'
  const spellings = folds.map((fold) => [...fold].join(between))
  const withValue = new RegExp(`(?:${spellings.join('|')})${between}"\\s*:\\s*(?!\\s|""|null)`, 'i')
  // A name may be written with escapes.
  return (text) => text.includes('\\') || withValue.test(text) || hasOddName(text)
}

const odd = /[%\u0080-\uffff]/
/** From an odd character to the end of its string, and the colon if that string is a name. */
const oddString = /[%\u0080-\uffff][^"]*"\s*:?/g

/** Whether a name has a character that folds in another way than ASCII does. Linear: each string is passed once. */
function hasOddName(text: string): boolean {
  return odd.test(text) && (text.match(oddString) ?? []).some((found) => found.endsWith(':'))
}
