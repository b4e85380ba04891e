import { readFile } from 'node:fs/promises'
import { fileErrorText, shownFile } from '../files/file-error.ts'
import type { Terminal } from '../terminal.ts'

/** Where the sink options come from if they replace the certification's options. */
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

/** Reads the options that replace the certification's options. */
export async function readGivenOptions(
  { options, optionsFile }: OptionsSource,
  terminal: Pick<Terminal, 'input'>,
): Promise<GivenOptions> {
  if (options !== undefined) return parse(options, '--options')
  if (optionsFile === undefined) return { kind: 'options', options: undefined }
  const from = optionsFile === '-' ? 'standard input' : shownFile(optionsFile)
  try {
    const bytes = optionsFile === '-' ? await terminal.input() : await readFile(optionsFile)
    return parse(decoded(bytes), from)
  } catch (error) {
    return problem(`--options-file: ${from} cannot be read: ${fileErrorText(error)}`)
  }
}

/** Returns the text without a byte order mark, or undefined if it is not UTF-8. */
function decoded(bytes: Buffer): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return undefined
  }
}

function parse(text: string | undefined, from: string): GivenOptions {
  const value = text === undefined ? undefined : parsed(text)
  const found = text === undefined ? 'bytes that are not UTF-8' : foundIn(text, value)
  return found === undefined
    ? { kind: 'options', options: value as object }
    : problem(
        `${from}: expected the options as a JSON object, such as { "url": "http://127.0.0.1:8080" }, found ${found}`,
      )
}

/** Returns what the text is instead of a JSON object, or undefined if it is one. */
function foundIn(text: string, value: unknown): string | undefined {
  if (text.trim() === '') return 'nothing'
  if (value === undefined) return 'invalid JSON (comments and trailing commas are not allowed)'
  if (Array.isArray(value)) return 'a list'
  if (typeof value !== 'object' || value === null) return 'another value'
  return isDeep(value) ? `more than ${mostLevels} levels` : undefined
}

/** No sink's options are nested deeper. */
const mostLevels = 100

function isDeep(value: unknown): boolean {
  let level = [value]
  for (let depth = 0; depth < mostLevels; depth += 1) {
    level = level.flatMap((each) => (typeof each === 'object' && each !== null ? Object.values(each) : []))
  }
  return level.length > 0
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
