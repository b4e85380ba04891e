/** `not-checked`: the check could not be made here. It counts neither as passed nor as failed. */
export type StepResult = 'passed' | 'failed' | 'not-checked'

/** The exit code of a step that could not check anything: EX_UNAVAILABLE in sysexits.h. */
export const notChecked = 69

/** Returns what the exit code of a step means. */
export function stepResult(code: number | null): StepResult {
  if (code === 0) return 'passed'
  return code === notChecked ? 'not-checked' : 'failed'
}
