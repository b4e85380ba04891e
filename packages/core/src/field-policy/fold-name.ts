/**
 * What spellings of a name have in common: `Calling number`, `CALLING_NUMBER` and `callingNumber` are one. Wider than what the normalizer
 * takes for a spelling: a number must not get through because Cisco writes its field in yet another way.
 */
export function foldName(name: string): string {
  // Other letters stay: a name in another script is another name.
  return name.toLowerCase().replace(/[^a-z0-9\u0080-\uffff]/g, '')
}
