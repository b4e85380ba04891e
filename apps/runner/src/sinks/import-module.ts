import { setTimeout as sleep } from 'node:timers/promises'

export type ImportedModule =
  | { readonly kind: 'module'; readonly exports: object }
  /** `reason`: one line for a person, with the full message of the error. */
  | { readonly kind: 'failed'; readonly reason: string }

/** If an import waits for something that never happens, the process would exit without a message. */
const longestImportMs = 10_000

/** Imports a third-party module. */
export async function importModule(load: () => Promise<object>): Promise<ImportedModule> {
  const inTime = new AbortController()
  try {
    const late = sleep(longestImportMs, undefined, { signal: inTime.signal }).then(() => undefined)
    late.catch(() => undefined)
    const exports = await Promise.race([load(), late])
    return exports === undefined
      ? { kind: 'failed', reason: `importing it takes longer than ${longestImportMs / 1_000} s` }
      : { kind: 'module', exports }
  } catch (error) {
    return { kind: 'failed', reason: `importing it failed: ${describe(error)}` }
  } finally {
    inTime.abort()
  }
}

function describe(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error)
  const hint = hints[codeOf(error)] ?? ''
  const at = error instanceof SyntaxError ? placeOf(error) : ''
  return `${at}${oneLine(message)}${hint}`
}

const stripping =
  'Node only removes types from TypeScript, so enum, namespace and parameter properties do not work'
const hints: Readonly<Record<string, string>> = {
  ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX: ` (${stripping})`,
  ERR_UNSUPPORTED_NODE_MODULES_TYPE_STRIPPING: ' (a package must contain JavaScript)',
}

/** Returns the location of a syntax error, which Node puts before the stack: `/path/my-sink.ts:12`. */
function placeOf({ stack = '' }: Error): string {
  const [first = ''] = stack.split('\n', 1)
  return /^\S.*:\d+$/.test(first) ? `${first}: ` : ''
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : ''
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim()
}
