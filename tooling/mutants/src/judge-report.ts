/** Whether a test run caught a planted bug. */
export type Verdict =
  | { readonly kind: 'caught'; readonly by: string }
  | { readonly kind: 'missed'; readonly why: string }

/** What is read of the JSON report of vitest. */
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
 * Only an assertion catches a bug. A test that fails in another way, because it takes too long or because the
 * patched source does not load, would also fail if the patch made no sense.
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

/** Failures of `expect`, also of its `rejects` and `resolves`, of `node:assert`, and of a property. */
function isAssertion(message: string): boolean {
  return /^(AssertionError|Error: promise (resolved|rejected) |Error: Property failed after)/.test(message)
}

function firstLine(text: string): string {
  return text.split('\n', 1).join()
}
