// Reports each comment that is wider than the code, because the formatter does not wrap comments. `--write`
// wraps them.
import { globSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './repository.ts'
import { wideComments } from './wide-comments.ts'
import { wrapComments } from './wrap-comments.ts'

const write = process.argv.includes('--write')
const extensions = '{ts,js,mjs}'
const sources = globSync(
  [`*.${extensions}`, `.*.mjs`, `.changeset/*.mjs`, `{apps,examples,packages,tooling}/**/*.${extensions}`],
  { cwd: root, exclude: (path) => /(^|[\\/])(node_modules|dist|generated)$/.test(path) },
)
// An empty list would mean that nothing was checked.
if (sources.length === 0) throw new Error('no sources were found')

for (const file of sources) {
  const path = join(root, file)
  const source = readFileSync(path, 'utf8')
  const wrapped = write ? wrapComments(source) : source
  if (wrapped !== source) writeFileSync(path, wrapped)
  for (const line of wideComments(wrapped)) {
    console.log(`${file}:${line}: the comment is wider than the code (npm run fix wraps it)`)
    process.exitCode = 1
  }
}
