import { hash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { nearestWord } from '../configuration/nearest-word.ts'
import { importModule } from './import-module.ts'
import { type AnyPlugin, type ReadSinkPlugin, readSinkPlugin } from './read-sink-plugin.ts'
import { isPath, resolveSinkModule } from './resolve-sink-module.ts'
import { type SinkProblem, sinkProblem } from './sink-problem.ts'

/** The built-in sinks by the value of `use`. A module is loaded on demand. */
export type BuiltInSinks = ReadonlyMap<string, () => Promise<object>>

export interface FoundSink {
  readonly kind: 'sink'
  readonly plugin: AnyPlugin
  /** The exports of the plugin's module. */
  readonly exports: object
  /** The URL of that module, or undefined for a built-in sink. */
  readonly url: string | undefined
  /**
   * The file of that module has changed since this process imported it: only a new process imports it again.
   */
  readonly isOutdated: boolean
}

/** Finds and loads the sink that `use` names: a built-in sink, or a path or package from this directory. */
export async function findSink(
  use: string,
  baseDirectory: string,
  builtIn: BuiltInSinks,
): Promise<FoundSink | SinkProblem> {
  const loadBuiltIn = builtIn.get(use)
  if (loadBuiltIn !== undefined) return loadSink(loadBuiltIn)
  const resolved = resolveSinkModule(use, baseDirectory)
  if (resolved.kind === 'nowhere') {
    const known = [...builtIn.keys()]
    const near = isPath(use) ? undefined : nearestWord(use, known)
    const reason = near === undefined ? resolved.reason : `did you mean ${near}?`
    return sinkProblem(
      'sink-not-found',
      `${known.join(', ')}, a path such as ./my-sink.ts or a package`,
      reason,
    )
  }
  return loadModule(resolved.url)
}

/** By URL: what to import, and what the file contained when it was imported. */
const imported = new Map<string, { readonly specifier: string; readonly digest: string | undefined }>()

/** The URLs of modules that could not be imported. */
const failed = new Set<string>()

/**
 * Node imports a module once. One that could not be imported would fail in the same way for as long as the
 * process lives, even after it is fixed, so the next attempt uses another URL.
 */
async function loadModule(url: string): Promise<FoundSink | SinkProblem> {
  const digest = digestOf(url)
  const before = imported.get(url)
  const specifier = before?.specifier ?? (failed.has(url) ? `${url}?at=${Date.now()}` : url)
  const found = await loadSink(() => import(specifier), specifier)
  if (found.kind === 'problem') {
    failed.add(url)
    return found
  }
  if (before === undefined) imported.set(url, { specifier, digest })
  return { ...found, isOutdated: before !== undefined && before.digest !== digest }
}

function digestOf(url: string): string | undefined {
  try {
    return hash('sha256', readFileSync(new URL(url)), 'hex')
  } catch {
    // Whether it can be imported is found out when it is.
    return undefined
  }
}

async function loadSink(load: () => Promise<object>, url?: string): Promise<FoundSink | SinkProblem> {
  const module = await importModule(load)
  if (module.kind === 'failed') {
    return sinkProblem('sink-wrong-export', 'a module that can be imported', module.reason)
  }
  const { exports } = module
  const read: ReadSinkPlugin = readSinkPlugin(exports)
  return read.kind === 'problem'
    ? read
    : { kind: 'sink', plugin: read.plugin, exports, url, isOutdated: false }
}
