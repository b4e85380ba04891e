import { BaseSequencer, type TestSpecification } from 'vitest/node'

/**
 * Vitest's order, but with the tests of seeds spread evenly among those that start processes. The former need
 * the processor and nothing else, and the latter mostly wait: side by side they use it fully.
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

/** Returns all of both, with the elements of `few` evenly among those of `many`. */
function spread<T>(few: readonly T[], many: readonly T[]): T[] {
  const share = many.length / Math.max(1, few.length)
  const mixed = few.flatMap((file, index) => [
    file,
    ...many.slice(Math.round(index * share), Math.round((index + 1) * share)),
  ])
  return few.length === 0 ? [...many] : mixed
}
