/**
 * Returns the result of the work. If the work throws, returns the result of `classify` for the error instead:
 * a `retry` or `failed` outcome, or the findings of `check`.
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
