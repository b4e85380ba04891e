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
}

/** Finds and loads the sink that `use` names: a built-in sink, or a path or package from this directory. */
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
