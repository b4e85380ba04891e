const secretNames = /pass(word|wd|phrase)?$|secret|token|api.?key|private.?key|credential|authorization/i

/** Texts in the options that are secrets, by the name that they stand under, or as the password of a URL. */
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

/** A copy with other texts in the place of these. */
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
