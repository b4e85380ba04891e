import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** Tests that take more than a minute. A fresh clone has no durations yet, and would start them last. */
const longTests = /(reload|outage|refusals|watchdog|changed-options|emptied-store)\.e2e\.test\.ts$/

/**
 * Vitest's order, except that tests that start processes come last, the long ones first, with the seed tests
 * spread evenly among them. Seed tests only compute and the others mostly wait, so together they keep the
 * processors busy.
 */
export class TestOrder extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files)
    const seeds = sorted.filter(({ project }) => project.name === 'seeds')
    const processes = sorted.filter(({ project }) => project.name === 'e2e')
    const before = sorted.filter((file) => !seeds.includes(file) && !processes.includes(file))
    const isLong = ({ moduleId }: TestSpecification): boolean => longTests.test(moduleId)
    const long = processes.filter(isLong)
    const short = processes.filter((file) => !isLong(file))
    return [...before, ...spread(seeds, [...long, ...short])]
  }
}

/** Returns all elements, with `few` spread evenly among `many`. */
function spread<T>(few: readonly T[], many: readonly T[]): T[] {
  const share = many.length / Math.max(1, few.length)
  const mixed = few.flatMap((element, index) => [
    element,
    ...many.slice(Math.round(index * share), Math.round((index + 1) * share)),
  ])
  return few.length === 0 ? [...many] : mixed
}
