import { execFileSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { relative } from 'node:path'
import { readManifest, root } from './repository.ts'

interface Packed {
  readonly name: string
  readonly filename: string
}

/**
 * Packs packages as they would be published. Returns the paths of the tarballs, in the order of the packages.
 */
export function packTarballs(directories: readonly string[], destination: string): readonly string[] {
  const filters = directories.flatMap((directory) => ['--filter', `./${relative(root, directory)}`])
  const args = ['--recursive', ...filters, 'pack', '--json', '--pack-destination', destination]
  const shell = process.platform === 'win32'
  const printed = execFileSync('pnpm', args, { cwd: root, encoding: 'utf8', shell, maxBuffer: 2 ** 26 })
  // For a single package, pnpm prints an object instead of a list.
  const packed: readonly Packed[] = [JSON.parse(printed)].flat()
  return directories.map((directory) => {
    const { name } = readManifest(directory)
    const found = packed.find((tarball) => tarball.name === name)
    if (found === undefined) throw new Error(`pnpm did not pack ${directory}`)
    return found.filename
  })
}

export function unpack(tarball: string, directory: string): void {
  mkdirSync(directory)
  execFileSync('tar', ['-xzf', tarball, '--strip-components=1', '-C', directory])
}
