const mostCharacters = 4_095

/**
 * Returns whether a string can be a file path: it is not empty, has no control characters or unpaired
 * surrogates, and is not longer than Linux allows.
 */
export function isFilePath(text: string): boolean {
  return text.length > 0 && text.length <= mostCharacters && text.isWellFormed() && !/\p{Cc}/u.test(text)
}
