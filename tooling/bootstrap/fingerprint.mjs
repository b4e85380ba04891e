import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'

/** Returns a digest of all files that determine the dependencies. */
export function manifests(root) {
  const files = ['pnpm-lock.yaml', 'pnpm-workspace.yaml', 'package.json']
  for (const at of packages(root)) files.push(join(at, 'package.json'))
  const platform = `${process.platform} ${process.arch}`
  return digest([platform, ...files.map((file) => `${file} ${readFileSync(join(root, file), 'utf8')}`)])
}

/**
 * Returns a digest of the times and sizes of all files that affect the build. Fast to compute. Turbo then
 * determines what really changed.
 */
export function sources(root) {
  const files = ['turbo.json', ...filesBelow(root, join('tooling', 'typescript'))]
  for (const at of builtPackages(root)) {
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

/** Returns whether every package still has its build output. */
export function isBuilt(root) {
  return builtPackages(root).every((at) => existsSync(join(root, at, 'dist', 'index.js')))
}

function builtPackages(root) {
  return packages(root).filter((at) => existsSync(join(root, at, 'tsconfig.build.json')))
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
