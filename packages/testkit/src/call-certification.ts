import { CheckFailure, oneLineOf } from './check-failure.ts'

/**
 * Calls a member of the certification. If it throws, the failure names the member, because the sink is not at
 * fault.
 */
export async function callCertification<Answer>(
  member: string,
  call: () => Answer | Promise<Answer>,
): Promise<Answer> {
  try {
    return await call()
  } catch (cause) {
    throw new CheckFailure(
      `expected \`${member}\` of the certification to succeed, but it threw ${oneLineOf(cause)}`,
      { cause },
    )
  }
}
