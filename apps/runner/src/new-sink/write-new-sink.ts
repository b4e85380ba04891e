import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { fileErrorText } from '../files/file-error.ts'
import { typeName } from './sink-name.ts'

export type WrittenSink =
  /** Relative to the directory, in alphabetical order. */
  | { readonly kind: 'written'; readonly files: readonly string[] }
  | { readonly kind: 'problem'; readonly line: string }

/** Next to both `src` and `dist`. The files end in `.template` because they are not part of this package. */
const templates = fileURLToPath(new URL('../../templates/new-sink', import.meta.url))
const templateEnd = '.template'

/** The new sink's destination: a SQLite table, or a server over HTTP. */
type Destination = 'table' | 'network'

export interface NewSink {
  readonly name: string
  readonly destination: Destination
  /** The version of our packages. */
  readonly version: string
}

/** Writes the templates to a directory that is empty or does not exist. */
export function writeNewSink({ name, destination, version }: NewSink, directory: string): WrittenSink {
  const fault = refusal(directory)
  if (fault !== undefined) {
    return { kind: 'problem', line: `${directory}: expected an empty or new directory: ${fault}` }
  }
  const words: Readonly<Record<string, string>> = { name, typeName: typeName(name), version }
  const files = ['shared', destination].flatMap((folder) =>
    readdirSync(join(templates, folder)).map((template) => {
      const file = fileName(template, name)
      const text = readFileSync(join(templates, folder, template), 'utf8')
      writeFileSync(
        join(directory, file),
        text.replaceAll(/\{\{(\w+)\}\}/g, (_, word) => words[word] ?? ''),
      )
      return file
    }),
  )
  return { kind: 'written', files: files.toSorted() }
}

function fileName(template: string, name: string): string {
  const file = template.slice(0, -templateEnd.length)
  // npm does not publish a file with this name.
  return file === 'gitignore' ? '.gitignore' : file.replace(/^sink\b/, name)
}

/** Creates the directory. Returns the reason why it cannot be used, or undefined if it can. */
function refusal(directory: string): string | undefined {
  try {
    mkdirSync(directory, { recursive: true })
    return readdirSync(directory).length > 0 ? 'it is not empty' : undefined
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : ''
    return code === 'ENOTDIR' || code === 'EEXIST'
      ? 'it is not a directory'
      : `it cannot be written to: ${fileErrorText(cause)}`
  }
}
