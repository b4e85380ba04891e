import { BaseSequencer, type TestSpecification } from 'vitest/node'

/**
 * The order of vitest, but with the seed tests spread evenly among the tests that start processes. Seed tests
 * only compute and the others mostly wait, so together they keep the processors busy.
 */
export class TestOrder extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files)
    const isSpread = ({ project }: TestSpecification): boolean => project.name === 'seeds'
    const others = sorted.filter((file) => !isSpread(file))
    const around = others.filter(({ project }) => project.name === 'e2e')
    const before = others.slice(0, others.length - around.length)
    return [...before, ...spread(sorted.filter(isSpread), around)]
  }
}

/** Returns all elements of both, with those of `few` spread evenly among those of `many`. */
function spread<T>(few: readonly T[], many: readonly T[]): T[] {
  const share = many.length / Math.max(1, few.length)
  const mixed = few.flatMap((file, index) => [
    file,
    ...many.slice(Math.round(index * share), Math.round((index + 1) * share)),
  ])
  return few.length === 0 ? [...many] : mixed
}
