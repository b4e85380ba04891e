import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { runStep } from './run-in-place.mjs'
import { withLock } from './with-lock.mjs'

/** Installs and builds, if anything has changed since the last time. */
export async function prepareWorkspace(root, toolchain) {
  if (isPrepared(root)) return
  await withLock(join(root, '.setup-lock'), async () => {
    if (isPrepared(root)) return
    const env = { ...(await toolchain.environment()), CI: '1' }
    const pnpm = await toolchain.pnpm()
    if (!isStamped(root, 'install', manifests(root))) {
      console.error('Installing dependencies …')
      await runStep('Installing', pnpm.program, [...pnpm.args, 'install', '--frozen-lockfile'], {
        cwd: root,
        env,
      })
      stamp(root, 'install', manifests(root))
    }
    console.error('Building …')
    const turbo = [...pnpm.args, 'exec', 'turbo', 'run', 'build', '--output-logs=errors-only', '--no-daemon']
    await runStep('Building', pnpm.program, turbo, { cwd: root, env })
    stamp(root, 'build', sources(root))
  })
}

function isPrepared(root) {
  return (
    existsSync(join(root, 'apps/runner/dist/main.js')) &&
    isStamped(root, 'install', manifests(root)) &&
    isStamped(root, 'build', sources(root))
  )
}

/** What decides which dependencies there are: by content. */
function manifests(root) {
  const files = [
    'pnpm-lock.yaml',
    'pnpm-workspace.yaml',
    'package.json',
    ...packages(root).map((at) => join(at, 'package.json')),
  ]
  return digest(files.map((file) => readFileSync(join(root, file), 'utf8')))
}

/** What decides how the build comes out: by time and size, which is quick to find out. */
function sources(root) {
  const files = [...filesBelow(root, 'tooling/typescript')]
  for (const at of packages(root)) {
    if (!existsSync(join(root, at, 'tsconfig.build.json'))) continue
    files.push(
      join(at, 'package.json'),
      join(at, 'tsconfig.build.json'),
      ...filesBelow(root, join(at, 'src')),
    )
  }
  return digest(
    files
      .filter((file) => !file.endsWith('.test.ts'))
      .map((file) => {
        const { mtimeMs, size } = statSync(join(root, file))
        return `${file} ${mtimeMs} ${size}`
      }),
  )
}

function packages(root) {
  return ['packages', 'apps', 'tooling', 'examples'].flatMap((group) =>
    (existsSync(join(root, group)) ? readdirSync(join(root, group)) : [])
      .map((name) => join(group, name))
      .filter((at) => existsSync(join(root, at, 'package.json'))),
  )
}

function filesBelow(root, at) {
  return readdirSync(join(root, at), { withFileTypes: true }).flatMap((entry) => {
    const path = join(at, entry.name)
    if (entry.name === 'node_modules') return []
    return entry.isDirectory() ? filesBelow(root, path) : [path]
  })
}

function digest(parts) {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(part).update('\0')
  return hash.digest('hex')
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

function stampFile(root, what) {
  return join(root, 'node_modules', `.cdrstream-${what}`)
}
