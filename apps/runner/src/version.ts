import { readFileSync } from 'node:fs'

/** Returns the version in package.json, which is one level above both `src` and `dist`. */
export function readVersion(): string {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8')
  const { version }: { version: string } = JSON.parse(text)
  return version
}
