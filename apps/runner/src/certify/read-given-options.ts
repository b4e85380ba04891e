import { readFile } from 'node:fs/promises'
import { fileErrorText } from '../files/file-error.ts'
import type { Terminal } from '../terminal.ts'

/** Where the options of the sink come from if they replace those of the certification. */
export interface OptionsSource {
  /** The JSON itself. */
  readonly options?: string
  /** The file with the JSON; `-` is standard input. */
  readonly optionsFile?: string
}

export type GivenOptions =
  | { readonly kind: 'options'; readonly options: object | undefined }
  /** `line` never quotes the options, because they can contain secrets. */
  | { readonly kind: 'problem'; readonly line: string }

/** Reads the options that replace those of the certification. */
export async function readGivenOptions(
  { options, optionsFile }: OptionsSource,
  terminal: Pick<Terminal, 'lines'>,
): Promise<GivenOptions> {
  if (options !== undefined) return parse(options, '--options')
  if (optionsFile === undefined) return { kind: 'options', options: undefined }
  if (optionsFile === '-') return parse(await readAll(terminal), 'standard input')
  try {
    return parse(await readFile(optionsFile, 'utf8'), optionsFile)
  } catch (error) {
    return problem(
      `--options-file: expected a file with the options, but ${optionsFile} cannot be read: ${fileErrorText(error)}`,
    )
  }
}

async function readAll({ lines }: Pick<Terminal, 'lines'>): Promise<string> {
  const read: string[] = []
  for await (const line of lines(new AbortController().signal)) read.push(line)
  return read.join('\n')
}

function parse(text: string, from: string): GivenOptions {
  const value = parsed(text)
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return { kind: 'options', options: value }
  }
  return problem(`${from}: expected the options as a JSON object, such as { "url": "http://127.0.0.1:8080" }`)
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function problem(line: string): GivenOptions {
  return { kind: 'problem', line: `${line} [certify-options]` }
}
