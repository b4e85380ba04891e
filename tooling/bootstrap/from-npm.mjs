import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { runStep } from './run-step.mjs'
import { setUpEnvironment } from './set-up-environment.mjs'

const flags = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']

/**
 * The directory of a package in the user's cache, brought there if it is missing or does not work. Complete
 * or not there: it is installed aside and renamed, so that a start that was killed, or two at once, do no
 * harm. What the registry sends has to have the hash that is known here.
 */
export async function fromNpm(wanted, works, advice = 'try again') {
  const { name, version } = wanted
  const entry = entryOf({ name, version })
  const at = join(entry, 'node_modules', name)
  if (works(at)) return at

  console.error(`Bringing ${name} ${version} from the npm registry into ${entry} …`)
  await makeDirectory(dirname(entry))
  const draft = await mkdtemp(`${entry}.draft-`)
  try {
    await writeLockfile(draft, wanted)
    await runStep(
      `Bringing ${name} ${version} from the npm registry`,
      [...npm(), 'ci', '--prefix', draft, ...flags],
      { cwd: draft, env: setUpEnvironment(), brief: true },
    )
    if (!works(at)) await replace(entry, draft)
  } finally {
    await rm(draft, { recursive: true, force: true })
    await rm(`${draft}.broken`, { recursive: true, force: true })
  }
  if (!works(at)) throw new Error(`${name} ${version} does not work here: ${advice}`)
  return at
}

/**
 * npm compares what it gets with the hash in a lockfile. Without an address there, any registry may send it.
 */
async function writeLockfile(directory, { name, version, integrity, bin }) {
  const root = { name: 'toolchain', version: '0.0.0', dependencies: { [name]: version } }
  const packages = { '': root, [`node_modules/${name}`]: { version, integrity, bin } }
  await writeFile(join(directory, 'package.json'), JSON.stringify(root))
  await writeFile(
    join(directory, 'package-lock.json'),
    JSON.stringify({ ...root, lockfileVersion: 3, packages }),
  )
}

/** Where the commands of a package are, once it was brought. */
export function commandDirectory(wanted) {
  return join(entryOf(wanted), 'node_modules', '.bin')
}

function entryOf({ name, version }) {
  return join(toolchainDirectory(), `${name}-${version}`)
}

export function toolchainDirectory() {
  return join(cacheDirectory(), 'cdrstream', 'toolchain')
}

async function replace(entry, draft) {
  await rename(entry, `${draft}.broken`).catch(unless('ENOENT'))
  // Another start that did the same was quicker: its copy is as good.
  await rename(draft, entry).catch(unless('ENOTEMPTY', 'EEXIST', 'EPERM'))
}

function unless(...codes) {
  return (cause) => {
    if (!codes.includes(cause.code)) throw cause
  }
}

/** The npm that runs this, so that no other is needed on the PATH. */
function npm() {
  const { npm_execpath: script } = process.env
  if (script?.endsWith('npm-cli.js')) return [process.execPath, script]
  return [process.platform === 'win32' ? 'npm.cmd' : 'npm']
}

/** A service user may have no home, or one that does not exist: it is told what to do instead. */
async function makeDirectory(at) {
  try {
    await mkdir(at, { recursive: true })
  } catch (cause) {
    if (!['EACCES', 'EPERM', 'EROFS', 'ENOENT', 'ENOTDIR'].includes(cause.code)) throw cause
    throw new Error(
      `What cdrstream brings from the npm registry is kept in ${at}, which this user cannot create (${cause.code}): ` +
        'set XDG_CACHE_HOME to a directory that it may write to, or install what is missing for all users',
    )
  }
}

function cacheDirectory() {
  const { XDG_CACHE_HOME, LOCALAPPDATA } = process.env
  if (XDG_CACHE_HOME) return XDG_CACHE_HOME
  if (process.platform === 'win32' && LOCALAPPDATA) return LOCALAPPDATA
  return process.platform === 'darwin' ? join(home(), 'Library', 'Caches') : join(home(), '.cache')
}

function home() {
  try {
    return homedir()
  } catch {
    // Neither HOME nor an entry in the user database: a place that cannot be made, so that it is asked for
    // only if it is needed.
    return '/dev/null'
  }
}
