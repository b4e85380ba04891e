import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises'
import { homedir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { runStep } from './run-in-place.mjs'

const wanted = { node: '24.21.0', pnpm: '11.28.10' }
const leastNode = 24
const pnpmMajor = '11.'
const windows = process.platform === 'win32'

/**
 * Where Node and pnpm are: what the user has if it is new enough, else from the user's cache, brought from the npm registry the
 * first time. Nothing is looked for before it is needed.
 */
export function findToolchain(root) {
  const own = join(cacheDirectory(), 'cdrstream', 'toolchain', `node-${wanted.node}-pnpm-${wanted.pnpm}`)
  const ownNode = join(own, 'node_modules', 'node', 'bin', windows ? 'node.exe' : 'node')
  const ownPnpm = join(own, 'node_modules', 'pnpm', 'bin', 'pnpm.mjs')
  const fits = Number.parseInt(process.versions.node, 10) >= leastNode

  async function bring() {
    if (existsSync(ownNode) && existsSync(ownPnpm)) return
    console.error(`Bringing Node ${wanted.node} and pnpm ${wanted.pnpm} into ${own} …`)
    await mkdir(dirname(own), { recursive: true })
    const draft = await mkdtemp(`${own}-`)
    try {
      const packages = [`node@${wanted.node}`, `pnpm@${wanted.pnpm}`]
      const flags = ['--no-save', '--no-audit', '--no-fund', '--no-package-lock', '--loglevel=error']
      const npm = npmCommand()
      await runStep(
        'Bringing Node and pnpm from the npm registry',
        npm.program,
        [...npm.args, 'install', '--prefix', draft, ...flags, ...packages],
        {
          cwd: draft,
          env: cleanEnvironment(),
        },
      )
      if (!existsSync(join(own, 'node_modules'))) await rename(draft, own).catch(ignoreIfThere)
      else if (!existsSync(ownNode) || !existsSync(ownPnpm)) {
        await rm(own, { recursive: true, force: true })
        await rename(draft, own).catch(ignoreIfThere)
      }
    } finally {
      await rm(draft, { recursive: true, force: true })
    }
    if (!existsSync(ownNode) || !existsSync(ownPnpm))
      throw new Error(`Node or pnpm is still missing in ${own}: remove it and try again`)
  }

  async function node() {
    if (fits) return process.execPath
    await bring()
    return ownNode
  }

  return {
    node,
    /** Program and first arguments of pnpm. */
    async pnpm() {
      if (pnpmOnPath(root)) return { program: windows ? 'pnpm.cmd' : 'pnpm', args: [] }
      await bring()
      return { program: await node(), args: [ownPnpm] }
    },
    /** For child processes: the right `node` and `pnpm` come first. */
    async environment() {
      const path = [dirname(await node()), join(root, 'node_modules', '.bin')]
      if (existsSync(join(own, 'node_modules', '.bin'))) path.push(join(own, 'node_modules', '.bin'))
      return { ...cleanEnvironment(), PATH: [...path, process.env.PATH].join(delimiter) }
    },
  }
}

function pnpmOnPath(root) {
  try {
    const options = { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'], shell: windows }
    return execFileSync('pnpm', ['--version'], options).trim().startsWith(pnpmMajor)
  } catch {
    return false
  }
}

/** The npm that runs this, so that no other is needed on the PATH. */
function npmCommand() {
  const { npm_execpath: npm } = process.env
  return npm?.endsWith('.js')
    ? { program: process.execPath, args: [npm] }
    : { program: windows ? 'npm.cmd' : 'npm', args: [] }
}

function ignoreIfThere(cause) {
  if (cause.code !== 'ENOTEMPTY' && cause.code !== 'EEXIST') throw cause
}

function cacheDirectory() {
  const { XDG_CACHE_HOME, LOCALAPPDATA } = process.env
  if (XDG_CACHE_HOME) return XDG_CACHE_HOME
  if (windows && LOCALAPPDATA) return LOCALAPPDATA
  return process.platform === 'darwin' ? join(homedir(), 'Library', 'Caches') : join(homedir(), '.cache')
}

/** Without what `npm run` adds about the script that it runs: it would be taken for settings of the npm and pnpm inside. */
function cleanEnvironment() {
  const added =
    /^npm_(lifecycle|package|command|execpath|node_execpath|config_(local_prefix|prefix|package|call|loglevel|silent))/i
  const kept = Object.entries(process.env).filter(([name]) => !added.test(name))
  return { ...Object.fromEntries(kept), TURBO_TELEMETRY_DISABLED: '1', NO_UPDATE_NOTIFIER: '1' }
}
