import { fileErrorText } from '../files/file-error.ts'
import { mayShowFileName, mayShowVariable } from './may-be-shown.ts'

/** Where `${…}` takes its values from. */
export interface Surroundings {
  /** The value of an environment variable; undefined if it is not set. */
  variable(name: string): string | undefined
  /** The content of a file; its path is as written. Throws as `readFileSync` does. */
  fileContent(path: string): string
}

export type Substitution =
  | { readonly kind: 'text'; readonly text: string; readonly used: readonly SubstitutedValue[] }
  | { readonly kind: 'unresolved'; readonly messages: readonly string[] }

/** A value that may be a secret, and how it is written in the configuration. */
export interface SubstitutedValue {
  readonly value: string
  readonly written: string
}

const form = /\$\$\{|\$\{([^}]*)\}|\$\{/g

/**
 * Replaces `${NAME}` and `${file:/path}` in a text; `$${` stands for a plain `${`. What is put in is not
 * looked at again.
 */
export function substitute(text: string, surroundings: Surroundings): Substitution {
  const used: SubstitutedValue[] = []
  const messages: string[] = []
  const result = text.replaceAll(form, (written: string, name: string | undefined) => {
    if (written === '$${') return '${'
    const found = resolve(name, surroundings)
    if ('problem' in found) {
      messages.push(found.problem)
      return ''
    }
    used.push({ value: found.value, written })
    return found.value
  })
  return messages.length > 0 ? { kind: 'unresolved', messages } : { kind: 'text', text: result, used }
}

function resolve(
  name: string | undefined,
  surroundings: Surroundings,
): { value: string } | { problem: string } {
  if (name?.startsWith('file:')) return resolveFile(name.slice('file:'.length), surroundings)
  if (name === undefined || !/^[A-Za-z_]\w*$/.test(name)) {
    return { problem: `expected \${NAME} or \${file:/path}, found another \${ (a plain one is written $\${)` }
  }
  const value = surroundings.variable(name)
  const shown = mayShowVariable(name) ? name : 'that is named here'
  if (value === undefined) return { problem: `the environment variable ${shown} is not set` }
  return value === '' ? { problem: `the environment variable ${shown} is empty` } : { value }
}

function resolveFile(path: string, surroundings: Surroundings): { value: string } | { problem: string } {
  const shown = mayShowFileName(path) ? path : 'that is named here'
  try {
    // Files made with an editor or `echo` end in a line break that is not part of the secret.
    const value = surroundings.fileContent(path).replace(/\r?\n$/, '')
    return value === '' ? { problem: `the file ${shown} is empty` } : { value }
  } catch (cause) {
    return { problem: `the file ${shown} cannot be read: ${fileErrorText(cause)}` }
  }
}
