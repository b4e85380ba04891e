/**
 * Returns what the work returns. If it throws, returns what `classify` makes of the error instead: the
 * outcome `retry` or `failed`, or the findings of `check`.
 */
export async function classified<Result, Other>(
  work: () => Promise<Result>,
  classify: (error: unknown) => Other,
): Promise<Result | Other> {
  try {
    return await work()
  } catch (error) {
    return classify(error)
  }
}
