// Makes a fresh clone run: brings Node and pnpm if they are missing, installs, builds what changed, and runs. Plain JavaScript
// without dependencies, since it runs before there are any, on any Node from 18 on.
import { fileURLToPath } from 'node:url'
import { runInPlace } from './run-in-place.mjs'
import { findToolchain } from './toolchain.mjs'
import { prepareWorkspace } from './workspace.mjs'

const root = fileURLToPath(new URL('../..', import.meta.url))
const [action, ...given] = process.argv.slice(2)

const bin = 'apps/runner/bin/cdrstream.js'
const actions = {
  demo: [bin, 'demo', ...given],
  command: [bin, ...given],
  test: ['tooling/check/src/main.ts', ...given],
  bench: ['--conditions=cdrstream-source', '--expose-gc', 'tooling/bench/src/main.ts', ...given],
}

try {
  const run = actions[action]
  if (run === undefined)
    throw new Error(`bootstrap: expected ${Object.keys(actions).join(', ')}, found ${action}`)
  const toolchain = findToolchain(root)
  await prepareWorkspace(root, toolchain)
  const node = await toolchain.node()
  const [script, ...rest] = [...run]
  // Commands run where the user is: a configuration's path is meant from there.
  const cwd = action === 'command' || action === 'demo' ? (process.env.INIT_CWD ?? process.cwd()) : root
  const args = script === bin ? [`${root}/${script}`, ...rest] : [script, ...rest]
  process.exitCode = await runInPlace(node, args, { cwd, env: await toolchain.environment() })
} catch (cause) {
  console.error(cause instanceof Error ? cause.message : String(cause))
  process.exitCode = 1
}
