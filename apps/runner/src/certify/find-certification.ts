import { existsSync } from 'node:fs'
import { dirname, join, parse, relative, resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import type { SinkCertification } from '@cdrstream/testkit'
import type { FoundSink } from '../sinks/find-sink.ts'
import { importModule } from '../sinks/import-module.ts'

export type FoundCertification =
  | { readonly kind: 'certification'; readonly certification: SinkCertification; readonly from: string }
  /** `looked`: where it was looked for. */
  | { readonly kind: 'none'; readonly looked: readonly string[] }
  | { readonly kind: 'problem'; readonly line: string }

const extensions = ['.ts', '.mjs', '.js']

/**
 * Finds a sink's certification: the named file, or `NAME.certification.ts` beside the plugin file, where NAME
 * is the name of the file or the plugin, or the export `certification` of the plugin's module.
 */
export async function findCertification(
  sink: FoundSink,
  named: string | undefined,
): Promise<FoundCertification> {
  if (named !== undefined) {
    const path = resolve(named)
    return existsSync(path)
      ? readFile(path)
      : problem(named, 'there is no such file', 'certification-not-found')
  }
  const beside = filesBeside(sink)
  const path = beside.find((candidate) => existsSync(candidate))
  if (path !== undefined) return readFile(path)
  if ('certification' in sink.exports) return read(sink.exports.certification, "the sink's module")
  return { kind: 'none', looked: beside.map(shown) }
}

function filesBeside({ url, plugin }: FoundSink): readonly string[] {
  if (url === undefined) return []
  const path = fileURLToPath(url)
  const names = new Set([parse(path).name, plugin.name])
  return [...names].flatMap((name) =>
    extensions.map((extension) => join(dirname(path), `${name}.certification${extension}`)),
  )
}

async function readFile(path: string): Promise<FoundCertification> {
  const { href } = pathToFileURL(path)
  const imported = await importModule(() => import(href))
  if (imported.kind === 'failed') return problem(shown(path), imported.reason)
  const { exports } = imported
  return read('default' in exports ? exports.default : undefined, shown(path))
}

function read(value: unknown, from: string): FoundCertification {
  return isCertification(value)
    ? { kind: 'certification', certification: value, from }
    : problem(from, 'it does not export an object with `options`')
}

function isCertification(value: unknown): value is SinkCertification {
  if (typeof value !== 'object' || value === null || !('options' in value)) return false
  const { options } = value
  return typeof options === 'function' || (typeof options === 'object' && options !== null)
}

function problem(file: string, reason: string, code = 'certification-wrong-export'): FoundCertification {
  return { kind: 'problem', line: `${file}: expected the certification of a sink, but ${reason} [${code}]` }
}

/** Returns the path relative to the working directory, like all paths on the command line. */
function shown(path: string): string {
  return relative(process.cwd(), path) || path
}
