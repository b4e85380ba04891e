/** Whether a test run caught a planted bug. */
export type Verdict =
  | { readonly kind: 'caught'; readonly by: string }
  | { readonly kind: 'missed'; readonly why: string }

/** The used parts of vitest's JSON report. */
export interface TestReport {
  readonly testResults: readonly {
    /** The path of the file. */
    readonly name: string
    readonly message: string
    readonly assertionResults: readonly {
      readonly fullName: string
      readonly status: string
      readonly failureMessages: readonly string[]
    }[]
  }[]
}

/**
 * Only a failed assertion counts as catching a bug. A test that fails for another reason, such as a timeout
 * or source that does not load, would also fail if the patch made no sense.
 */
export function judgeReport({ testResults }: TestReport): Verdict {
  const tests = testResults.flatMap(({ assertionResults }) => assertionResults)
  const failed = tests.filter(({ status }) => status === 'failed')
  const caught = failed.find(({ failureMessages }) => failureMessages.some(isAssertion))
  if (caught !== undefined) return { kind: 'caught', by: caught.fullName }
  const [failure] = failed.flatMap(({ failureMessages }) => failureMessages)
  const broken = failure ?? testResults.find(({ message }) => message !== '')?.message
  if (broken !== undefined) return { kind: 'missed', why: `no assertion failed, but: ${firstLine(broken)}` }
  return { kind: 'missed', why: tests.length === 0 ? 'no test ran' : `${tests.length} tests passed` }
}

/** Matches failures of `expect`, including `rejects` and `resolves`, of `node:assert`, and of properties. */
function isAssertion(message: string): boolean {
  return /^(AssertionError|Error: promise (resolved|rejected) |Error: Property failed after)/.test(message)
}

function firstLine(text: string): string {
  return text.split('\n', 1).join()
}
