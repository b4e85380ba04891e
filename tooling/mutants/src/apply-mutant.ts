import type { Mutant } from './mutant.ts'

/**
 * Returns the source with the bug planted. Throws an Error unless the source contains the text to replace
 * exactly once.
 */
export function applyMutant({ name, file, find, replace }: Mutant, source: string): string {
  const parts = source.split(find)
  const [before, after] = parts
  if (before !== undefined && after !== undefined && parts.length === 2) return before + replace + after
  const count = parts.length === 1 ? 'not found' : `found ${parts.length - 1} times`
  throw new Error(`the text that ${name} replaces is ${count} in ${file}; adapt the mutant to the source`)
}
