const secretNames = /pass(word|wd|phrase)?$|secret|token|api.?key|private.?key|credential|authorization/i

/**
 * Returns the strings in the options that are probably secrets, judging by the option's name or as the
 * password in a URL.
 */
export function guessSecrets(given: unknown, name = ''): readonly string[] {
  if (typeof given === 'string') {
    if (secretNames.test(name)) return given === '' ? [] : [given]
    const { password = '' } = URL.canParse(given) ? new URL(given) : {}
    return password === '' ? [] : [password]
  }
  if (typeof given !== 'object' || given === null) return []
  return Object.entries(given).flatMap(([key, value]) => {
    return guessSecrets(value, Array.isArray(given) ? name : key)
  })
}

/** Returns a copy of the options with every occurrence of these strings replaced. */
export function replaceTexts<Given>(given: Given, texts: readonly string[], other: string): Given {
  if (typeof given === 'string') {
    return texts.reduce<string>((text, secret) => text.replaceAll(secret, other), given) as Given
  }
  if (Array.isArray(given)) return given.map((value) => replaceTexts(value, texts, other)) as Given
  if (typeof given !== 'object' || given === null) return given
  return Object.fromEntries(
    Object.entries(given).map(([key, value]) => [key, replaceTexts(value, texts, other)]),
  ) as Given
}
