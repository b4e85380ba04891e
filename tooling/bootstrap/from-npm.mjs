import { mkdtemp, readdir, rename, rm, stat, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { runStep } from './run-step.mjs'
import { setUpEnvironment } from './set-up-environment.mjs'
import { makeToolchainDirectory, trustedEntry } from './toolchain-directory.mjs'

const abandonedAfterMs = 86_400_000
const flags = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']

/**
 * Returns a package's directory in the user's cache, and downloads the package from the npm registry if it is
 * missing or does not work. The package is installed beside its destination and then renamed, so that a
 * killed or concurrent start leaves no incomplete copy. The download must match the given hash.
 */
export async function fromNpm(wanted, works, advice = 'try again') {
  const { name, version } = wanted
  const entry = entryOf({ name, version })
  const at = join(entry, 'node_modules', name)
  if (works(at)) return at

  console.error(`Downloading ${name} ${version} from the npm registry into ${entry} …`)
  await makeToolchainDirectory()
  await removeAbandonedDrafts(entry)
  const draft = await mkdtemp(`${entry}.draft-`)
  try {
    await writeLockfile(draft, wanted)
    await runStep(
      `Downloading ${name} ${version} from the npm registry`,
      [...npm(), 'ci', '--prefix', draft, ...flags],
      { cwd: draft, env: setUpEnvironment(), brief: true },
    )
    if (!works(at)) await replace(entry, draft)
  } finally {
    await rm(draft, { recursive: true, force: true })
    await rm(`${draft}.broken`, { recursive: true, force: true })
  }
  if (!works(at)) throw new Error(`${name} ${version} does not work on this machine: ${advice}`)
  return at
}

/** Removes copies that killed processes left behind, which can have hundreds of megabytes. */
export async function removeAbandonedDrafts(entry) {
  const directory = dirname(entry)
  for (const name of await readdir(directory)) {
    if (!name.startsWith(`${basename(entry)}.draft-`)) continue
    const draft = join(directory, name)
    // A concurrent process may have removed it.
    const { mtimeMs } = await stat(draft).catch(() => ({ mtimeMs: Date.now() }))
    if (Date.now() - mtimeMs > abandonedAfterMs) await rm(draft, { recursive: true, force: true })
  }
}

/** npm checks the download against the hash in a lockfile. The lockfile has no URL, so any registry works. */
async function writeLockfile(directory, { name, version, integrity, bin }) {
  const root = { name: 'toolchain', version: '0.0.0', dependencies: { [name]: version } }
  const packages = { '': root, [`node_modules/${name}`]: { version, integrity, bin } }
  await writeFile(join(directory, 'package.json'), JSON.stringify(root))
  await writeFile(
    join(directory, 'package-lock.json'),
    JSON.stringify({ ...root, lockfileVersion: 3, packages }),
  )
}

/** Returns the directory that contains a downloaded package's commands. */
export function commandDirectory(wanted) {
  return join(entryOf(wanted), 'node_modules', '.bin')
}

function entryOf({ name, version }) {
  return trustedEntry(['toolchain', `${name}-${version}`])
}

async function replace(entry, draft) {
  await rename(entry, `${draft}.broken`).catch(unless('ENOENT'))
  // A concurrent start has created the directory in the meantime. Its copy is just as good.
  await rename(draft, entry).catch(unless('ENOTEMPTY', 'EEXIST', 'EPERM'))
}

function unless(...codes) {
  return (cause) => {
    if (!codes.includes(cause.code)) throw cause
  }
}

/** Returns the command of the npm that runs this process, so that npm need not be on the PATH. */
function npm() {
  const { npm_execpath: script } = process.env
  if (script?.endsWith('npm-cli.js')) return [process.execPath, script]
  return [process.platform === 'win32' ? 'npm.cmd' : 'npm']
}
