import { existsSync, statfsSync } from 'node:fs'
import { dirname } from 'node:path'
import type { JournalConfiguration } from '../configuration/configuration.ts'
import { fileErrorText } from '../files/file-error.ts'
import { showBytes } from '../status/show-amount.ts'
import { notChecked, ok, problem, type Result, warning } from './check.ts'

/** Compares the free space on the journal's disk with the amount below which collection pauses. */
export function checkDisk({ path, minFreeDiskBytes }: JournalConfiguration): Result {
  let directory = dirname(path)
  while (!existsSync(directory) && dirname(directory) !== directory) directory = dirname(directory)
  try {
    const { bavail, bsize } = statfsSync(directory)
    return judgeDisk(bavail * bsize, minFreeDiskBytes, directory)
  } catch (error) {
    return notChecked(
      'disk-unknown',
      `cannot find out how much space is free at ${directory}: ${fileErrorText(error)}`,
    )
  }
}

function judgeDisk(freeBytes: number, floorBytes: number, directory: string): Result {
  const message = `${showBytes(freeBytes)} are free at ${directory}; collection pauses below ${showBytes(floorBytes)} (journal.minFreeDisk)`
  const remedy =
    'Free some space on this disk, or move the journal to a larger one: stop the collector, move the directory of the file, and change journal.path. A lower journal.keep makes the journal smaller.'
  if (freeBytes <= floorBytes) return problem('disk-full', message, remedy)
  return freeBytes <= 2 * floorBytes ? warning('disk-space', message, remedy) : ok('disk-space', message)
}
