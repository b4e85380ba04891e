import { nearestWord } from '../configuration/nearest-word.ts'
import { importModule } from './import-module.ts'
import { type AnyPlugin, type ReadSinkPlugin, readSinkPlugin } from './read-sink-plugin.ts'
import { isPath, resolveSinkModule } from './resolve-sink-module.ts'
import { type SinkProblem, sinkProblem } from './sink-problem.ts'

/** The sinks that come with cdrstream, by what stands in `use`. A module is loaded when it is needed. */
export type BuiltInSinks = ReadonlyMap<string, () => Promise<object>>

export interface FoundSink {
  readonly kind: 'sink'
  readonly plugin: AnyPlugin
  /** All that the module of the plugin exports. */
  readonly exports: object
  /** The address of that module; undefined for a built-in one. */
  readonly url: string | undefined
}

/**
 * Finds and loads the sink that `use` names: a built-in one, a path or a package, both from this directory.
 */
export async function findSink(
  use: string,
  baseDirectory: string,
  builtIn: BuiltInSinks,
): Promise<FoundSink | SinkProblem> {
  const loadBuiltIn = builtIn.get(use)
  if (loadBuiltIn !== undefined) return loadSink(loadBuiltIn, undefined)
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
  const { url } = resolved
  return loadSink(() => import(url), url)
}

async function loadSink(
  load: () => Promise<object>,
  url: string | undefined,
): Promise<FoundSink | SinkProblem> {
  const imported = await importModule(load)
  if (imported.kind === 'failed') {
    return sinkProblem('sink-wrong-export', 'a module that can be imported', imported.reason)
  }
  const { exports } = imported
  const read: ReadSinkPlugin = readSinkPlugin(exports)
  return read.kind === 'problem' ? read : { kind: 'sink', plugin: read.plugin, exports, url }
}
