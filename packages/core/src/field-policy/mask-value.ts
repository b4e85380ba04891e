/**
 * Returns `*` for each character except the last `digits` digits and a leading `+`: `+4930123456` becomes
 * `+*****3456` with 4. A string with at most that many digits is masked entirely, because otherwise an
 * extension would be shown in full.
 */
export function maskValue(value: string, digits: number): string {
  const characters = [...value]
  let left = characters.filter(isDigit).length > digits ? digits : 0
  const masked = characters.reverse().map((character) => {
    if (left === 0 || !isDigit(character)) return '*'
    left -= 1
    return character
  })
  if (characters.at(-1) === '+') masked[masked.length - 1] = '+'
  return masked.reverse().join('')
}

function isDigit(character: string): boolean {
  return character >= '0' && character <= '9'
}
