import { realpathSync } from 'node:fs'
import { dirname, join, parse, relative, resolve, sep } from 'node:path'
import { type Path, pathText } from './place.ts'
import type { PlainValue } from './plain-value.ts'
import type { Problem } from './problem.ts'
import { isPathText } from './schema/leaf.ts'
import { listAt, valueAt } from './value-at.ts'

interface Place {
  readonly path: Path
  /** With links resolved in the part that exists. */
  readonly real: string
}

/**
 * Checks that file sinks do not share a directory with one another, the journal or the stored sign-ins. Two
 * sinks in one directory would use each other's position, and readers would find records twice.
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
    const message = `expected a separate directory, found one that overlaps with ${pathText(taken.path)}`
    return [{ path: place.path, part: 'value', message }]
  })
}

/** Returns whether a directory is inside the directory for sign-ins or regions beside the journal. */
function holdsSecrets(directory: string, journal: string): boolean {
  return ['sign-in', 'region'].some((name) => isWithin(directory, join(dirname(journal), name)))
}

function isWithin(path: string, directory: string): boolean {
  const way = relative(directory, path)
  return way !== '..' && !way.startsWith(`..${sep}`) && parse(way).root === ''
}

/** Returns a path with the links resolved in the part that exists. */
function realPlace(path: string): string {
  try {
    return realpathSync(path)
  } catch {
    const parent = dirname(path)
    return parent === path ? path : join(realPlace(parent), parse(path).base)
  }
}
