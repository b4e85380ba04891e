const maxConcurrency = 8

/**
 * Runs the work for each item, several at a time. Rejects with the first error after all started work has
 * settled.
 */
export async function forEachOf<Item>(
  items: Iterable<Item>,
  work: (item: Item) => Promise<void>,
): Promise<void> {
  const queue = items[Symbol.iterator]()
  const errors: unknown[] = []
  const worker = async () => {
    for (let next = queue.next(); !next.done && errors.length === 0; next = queue.next()) {
      try {
        await work(next.value)
      } catch (error) {
        errors.push(error)
      }
    }
  }
  await Promise.all(Array.from({ length: maxConcurrency }, worker))
  if (errors.length > 0) throw errors[0]
}
