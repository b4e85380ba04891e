import { realpathSync } from 'node:fs'
import { dirname, join, parse, relative, resolve, sep } from 'node:path'
import { isPathText } from './leaf.ts'
import { type Path, pathText } from './place.ts'
import type { PlainValue } from './plain-value.ts'
import type { Problem } from './problem.ts'
import { listAt, valueAt } from './value-at.ts'

interface Place {
  readonly path: Path
  /** Without links, as far as it exists. */
  readonly real: string
}

/**
 * Checks that no two file sinks share a directory, and that the journal and the stored sign-ins lie in none:
 * of two sinks, each would take the position of the other for its own, and readers find records twice.
 */
export function checkOverlaps({ value }: PlainValue, baseDirectory: string): readonly Problem[] {
  const placeAt = (path: Path): readonly Place[] => {
    const text = valueAt(value, path)
    return isPathText(text) ? [{ path, real: realPlace(resolve(baseDirectory, text)) }] : []
  }
  const directories = listAt(value, ['sinks']).flatMap((sink, index) =>
    valueAt(sink, ['use']) === 'file' ? placeAt(['sinks', index, 'options', 'directory']) : [],
  )
  const journals = placeAt(['journal', 'path'])
  return directories.flatMap((place, index): readonly Problem[] => {
    const taken =
      journals.find(({ real }) => isWithin(real, place.real) || holdsSecrets(place.real, real)) ??
      directories.slice(0, index).find(({ real }) => isWithin(real, place.real) || isWithin(place.real, real))
    if (taken === undefined) return []
    const message = `expected a directory of its own, found one that overlaps with ${pathText(taken.path)}`
    return [{ path: place.path, part: 'value', message }]
  })
}

/** Whether a directory is one of those for sign-ins and regions beside the journal, or in one. */
function holdsSecrets(directory: string, journal: string): boolean {
  return ['sign-in', 'region'].some((name) => isWithin(directory, join(dirname(journal), name)))
}

function isWithin(path: string, directory: string): boolean {
  const way = relative(directory, path)
  return way !== '..' && !way.startsWith(`..${sep}`) && parse(way).root === ''
}

/** Returns a path with the links in it resolved, as far as it exists. */
function realPlace(path: string): string {
  try {
    return realpathSync(path)
  } catch {
    const parent = dirname(path)
    return parent === path ? path : join(realPlace(parent), parse(path).base)
  }
}
