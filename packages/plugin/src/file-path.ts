const mostCharacters = 4_095

/**
 * Returns whether a string can be the path of a file: it is not empty, has no control character and no
 * unpaired surrogate, and is not longer than Linux takes.
 */
export function isFilePath(text: string): boolean {
  return text.length > 0 && text.length <= mostCharacters && text.isWellFormed() && !/\p{Cc}/u.test(text)
}
