// Checks each package's metadata, and the files that would be published with it.
import { execFileSync } from 'node:child_process'
import { relative, sep } from 'node:path'
import { publint } from 'publint'
import { formatMessage } from 'publint/utils'
import { manifestProblems } from './manifest-problems.ts'
import { publishedDirectories, readManifest, root } from './repository.ts'
import { unwelcomeFiles } from './unwelcome-files.ts'

interface Packed {
  readonly name: string
  readonly files: readonly { readonly path: string }[]
}

const packed = pack()
let problems = 0

for (const directory of publishedDirectories()) {
  const manifest = readManifest(directory)
  // publint does not pack, because the files are packed and checked below.
  const { messages } = await publint({ pkgDir: directory, pack: false, strict: true })
  for (const message of messages) report(directory, formatMessage(message, manifest) ?? message.code)

  for (const problem of manifestProblems(manifest, relative(root, directory).split(sep).join('/')))
    report(directory, problem)

  const files = packed.find(({ name }) => name === manifest.name)?.files ?? []
  for (const problem of unwelcomeFiles(files.map(({ path }) => path))) report(directory, problem)
}
process.exitCode = problems === 0 ? 0 : 1

function pack(): readonly Packed[] {
  const args = ['--recursive', 'pack', '--dry-run', '--json']
  for (const directory of publishedDirectories()) args.push('--filter', `./${relative(root, directory)}`)
  const shell = process.platform === 'win32'
  return JSON.parse(execFileSync('pnpm', args, { cwd: root, encoding: 'utf8', shell, maxBuffer: 2 ** 26 }))
}

function report(directory: string, problem: string): void {
  problems += 1
  console.log(`${relative(root, directory)}: ${problem}`)
}
