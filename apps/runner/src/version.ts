import { readFileSync } from 'node:fs'

/** The version of the package, which lies beside `src` and `dist` alike. */
export function readVersion(): string {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8')
  const { version }: { version: string } = JSON.parse(text)
  return version
}
