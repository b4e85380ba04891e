import { statSync } from 'node:fs'
import { registerHooks } from 'node:module'
import { isAbsolute, join, parse, resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { fileErrorText } from '../files/file-error.ts'

export type ResolvedSinkModule =
  | { readonly kind: 'module'; readonly url: string }
  /** `reason`: for a person. */
  | { readonly kind: 'nowhere'; readonly reason: string }

const extensions = ['.ts', '.mts', '.js', '.mjs', '.cjs']

/** Finds a sink's module, which is a path or a package, from this directory. Does not run the module. */
export function resolveSinkModule(use: string, baseDirectory: string): ResolvedSinkModule {
  try {
    return isPath(use) ? resolvePath(use, baseDirectory) : resolvePackage(use, baseDirectory)
  } catch (cause) {
    return { kind: 'nowhere', reason: `it cannot be accessed: ${fileErrorText(cause)}` }
  }
}

export function isPath(use: string): boolean {
  return /^\.\.?([/\\]|$)/.test(use) || isAbsolute(use)
}

function resolvePath(use: string, baseDirectory: string): ResolvedSinkModule {
  const path = resolve(baseDirectory, use)
  switch (kindOf(path)) {
    case 'file':
      return { kind: 'module', url: pathToFileURL(path).href }
    case 'other':
      return { kind: 'nowhere', reason: `${path} is not a file` }
    case 'nothing': {
      const { dir, name } = parse(path)
      const meant = extensions.find((extension) => kindOf(join(dir, name + extension)) === 'file')
      const hint = meant === undefined ? '' : `, but ${name}${meant} does`
      return { kind: 'nowhere', reason: `${path} does not exist${hint}` }
    }
  }
}

function resolvePackage(use: string, baseDirectory: string): ResolvedSinkModule {
  // A package can have the same name as a file.
  const near = extensions.includes(parse(use).ext) && kindOf(join(baseDirectory, use)) === 'file'
  if (near) return { kind: 'nowhere', reason: `did you mean ./${use}?` }
  const url = urlFrom(use, baseDirectory)
  if (url?.startsWith('file:') && kindOf(fileURLToPath(url)) === 'file') return { kind: 'module', url }
  return { kind: 'nowhere', reason: `no such package can be found from ${baseDirectory}` }
}

/**
 * Resolves a module like an `import` in a file in that directory. `import.meta.resolve` resolves only from
 * the calling module, and `require.resolve` uses different export conditions.
 */
function urlFrom(use: string, directory: string): string | undefined {
  const parentURL = pathToFileURL(join(directory, 'cdrstream.js')).href
  const asked = `cdrstream-sink:${use}`
  const hooks = registerHooks({
    resolve: (specifier, context, next) =>
      specifier === asked ? next(use, { ...context, parentURL }) : next(specifier, context),
  })
  try {
    return import.meta.resolve(asked)
  } catch {
    return undefined
  } finally {
    hooks.deregister()
  }
}

function kindOf(path: string): 'file' | 'other' | 'nothing' {
  const found = statSync(path, { throwIfNoEntry: false })
  if (found === undefined) return 'nothing'
  return found.isFile() ? 'file' : 'other'
}
