import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { isBuilt, manifests, sources } from './fingerprint.mjs'
import { runStep } from './run-step.mjs'
import { withLock } from './with-lock.mjs'

/**
 * Installs the dependencies and, if `build` is set, builds the packages, unless nothing has changed since the
 * last time.
 */
export async function prepareWorkspace(root, toolchain, { build }) {
  const isPrepared = () => isInstalled(root) && (!build || isUpToDate(root))
  if (isPrepared()) return
  await withLock(join(root, '.cache', 'set-up.lock'), async () => {
    if (!isInstalled(root)) await install(root, toolchain)
    if (build && !isUpToDate(root)) await runBuild(root, toolchain)
  })
}

function isInstalled(root) {
  return isStamped(root, 'installed', manifests(root))
}

function isUpToDate(root) {
  return isBuilt(root) && isStamped(root, 'built', sources(root))
}

async function install(root, toolchain) {
  const pnpm = await toolchain.pnpm()
  const env = { ...(await toolchain.environment()), CI: '1' }
  // Computed before installing, so that changes made during the installation are detected next time.
  const stamped = manifests(root)
  console.error('Installing dependencies …')
  const args = ['install', '--frozen-lockfile', '--prod=false', '--reporter=append-only']
  const output = await runStep('Installing dependencies', [...pnpm, ...args], { cwd: root, env, brief: true })
  // The binaries of biome, turbo and others are optional dependencies, one for each platform, so pnpm
  // continues without them.
  const missing = output.split('\n').find((line) => line.includes('could not be fetched'))
  if (missing !== undefined) throw new Error(`Installing dependencies failed: ${missing}`)
  stamp(root, 'installed', stamped)
}

async function runBuild(root, toolchain) {
  // turbo calls pnpm.
  await toolchain.pnpm()
  const env = await toolchain.environment()
  const stamped = sources(root)
  console.error('Building what changed …')
  const turbo = [await toolchain.node(), join(root, 'node_modules', 'turbo', 'bin', 'turbo')]
  const args = ['run', 'build', '--env-mode=loose', '--ui=stream', '--output-logs=errors-only']
  await runStep('The build', [...turbo, ...args], { cwd: root, env })
  stamp(root, 'built', stamped)
}

function isStamped(root, what, value) {
  try {
    return readFileSync(stampFile(root, what), 'utf8') === value
  } catch {
    return false
  }
}

function stamp(root, what, value) {
  writeFileSync(stampFile(root, what), value)
}

// Inside node_modules, so that both are removed together.
function stampFile(root, what) {
  return join(root, 'node_modules', `.cdrstream-${what}`)
}
