import { fileErrorText } from '../files/file-error.ts'
import { mayShowFileName, mayShowVariable } from './may-be-shown.ts'

/** The sources of `${…}` values. */
export interface Surroundings {
  /** Returns the value of an environment variable, or undefined if it is not set. */
  variable(name: string): string | undefined
  /**
   * Returns the content of a file. The path is as written in the configuration. Throws as `readFileSync`
   * does.
   */
  fileContent(path: string): string
}

export type Substitution =
  | { readonly kind: 'text'; readonly text: string; readonly used: readonly SubstitutedValue[] }
  | {
      readonly kind: 'unresolved'
      readonly reason: UnresolvedReason
      readonly messages: readonly string[]
    }

/** `missing`: a variable or file is missing, empty or unreadable. `malformed`: a `${` in any other form. */
export type UnresolvedReason = 'missing' | 'malformed'

/** A value that can be a secret, and how it is written in the configuration. */
export interface SubstitutedValue {
  readonly value: string
  readonly written: string
}

const form = /\$\$\{|\$\{([^}]*)\}|\$\{/g

/**
 * Replaces `${NAME}` and `${file:/path}` in text, without replacing anything in the result. `$${` stands for
 * a plain `${`.
 */
export function substitute(text: string, surroundings: Surroundings): Substitution {
  const used: SubstitutedValue[] = []
  const failed: Unresolved[] = []
  const result = text.replaceAll(form, (written: string, name: string | undefined) => {
    if (written === '$${') return '${'
    const found = resolve(name, surroundings)
    if ('message' in found) {
      failed.push(found)
      return ''
    }
    used.push({ value: found.value, written })
    return found.value
  })
  if (failed.length === 0) return { kind: 'text', text: result, used }
  const reason = failed.some((each) => each.reason === 'malformed') ? 'malformed' : 'missing'
  return { kind: 'unresolved', reason, messages: failed.map(({ message }) => message) }
}

interface Unresolved {
  readonly reason: UnresolvedReason
  readonly message: string
}

function missing(message: string): Unresolved {
  return { reason: 'missing', message }
}

function resolve(
  name: string | undefined,
  surroundings: Surroundings,
): { readonly value: string } | Unresolved {
  if (name?.startsWith('file:')) return resolveFile(name.slice('file:'.length), surroundings)
  if (name === undefined || !/^[A-Za-z_]\w*$/.test(name)) {
    const message = `expected \${NAME} or \${file:/path}, found another \${ (to write a plain \${, use $\${)`
    return { reason: 'malformed', message }
  }
  const value = surroundings.variable(name)
  const shown = mayShowVariable(name) ? name : 'that is named here'
  if (value === undefined) return missing(`the environment variable ${shown} is not set`)
  return value === '' ? missing(`the environment variable ${shown} is empty`) : { value }
}

function resolveFile(path: string, surroundings: Surroundings): { readonly value: string } | Unresolved {
  const shown = mayShowFileName(path) ? path : 'that is named here'
  try {
    // Editors and `echo` end a file with a line break that is not part of the secret.
    const value = surroundings.fileContent(path).replace(/\r?\n$/, '')
    return value === '' ? missing(`the file ${shown} is empty`) : { value }
  } catch (cause) {
    return missing(`the file ${shown} cannot be read: ${fileErrorText(cause)}`)
  }
}
