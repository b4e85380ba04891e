import { CheckFailure, oneLineOf } from './check-failure.ts'

/**
 * Calls a member of the certification. If it throws, the failure names the member: the sink is not at fault.
 */
export async function askCertification<Answer>(
  member: string,
  ask: () => Answer | Promise<Answer>,
): Promise<Answer> {
  try {
    return await ask()
  } catch (cause) {
    throw new CheckFailure(
      `expected \`${member}\` of the certification to succeed, and it threw ${oneLineOf(cause)}`,
      { cause },
    )
  }
}
