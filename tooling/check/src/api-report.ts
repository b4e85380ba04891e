import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Extractor, ExtractorConfig, ExtractorLogLevel, type IConfigFile } from '@microsoft/api-extractor'
import { readManifest } from './repository.ts'

/** An entry point of a package, and the path of its committed report. */
export interface EntryPoint {
  readonly directory: string
  readonly declarations: string
  readonly report: string
}

/**
 * Returns the entry points of a package: `.` is reported in `api-report.md`, `./node` in
 * `api-report.node.md`.
 */
export function entryPoints(directory: string): readonly EntryPoint[] {
  const { exports } = readManifest(directory) as { exports?: Record<string, { types?: string }> }
  return Object.entries(exports ?? {}).flatMap(([name, { types }]) => {
    if (types === undefined) return []
    const suffix = name.slice(1).replaceAll('/', '.')
    return [
      { directory, declarations: join(directory, types), report: join(directory, `api-report${suffix}.md`) },
    ]
  })
}

/**
 * Returns the API report of a built package: the exported declarations and the declarations that they refer
 * to, without comments.
 */
export function apiReport({ directory, declarations }: EntryPoint): string {
  const scratch = mkdtempSync(join(tmpdir(), 'cdrstream-api-report-'))
  try {
    const extractorConfig = ExtractorConfig.prepare({
      configObject: configuration(directory, declarations, scratch),
      configObjectFullPath: undefined,
      packageJsonFullPath: join(directory, 'package.json'),
    })
    const problems: string[] = []
    Extractor.invoke(extractorConfig, {
      localBuild: true,
      messageCallback: (message) => {
        if (message.logLevel === ExtractorLogLevel.Error) problems.push(message.text)
        message.handled = true
      },
    })
    if (problems.length > 0) throw new Error(problems.join('\n'))
    return readFileSync(join(scratch, 'report.api.md'), 'utf8').replaceAll('\r\n', '\n')
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
}

function configuration(directory: string, declarations: string, scratch: string): IConfigFile {
  const compilerOptions = {
    module: 'nodenext',
    target: 'es2024',
    // API Extractor does not find globals that @types/node declares conditionally, such as AbortSignal.
    lib: ['es2024', 'esnext.disposable', 'dom', 'dom.iterable'],
    types: ['node'],
    skipLibCheck: true,
  }
  return {
    projectFolder: directory,
    mainEntryPointFilePath: declarations,
    apiReport: {
      enabled: true,
      reportFileName: 'report',
      reportFolder: scratch,
      reportTempFolder: join(scratch, 'temp'),
      includeForgottenExports: true,
    },
    docModel: { enabled: false },
    dtsRollup: { enabled: false },
    tsdocMetadata: { enabled: false },
    compiler: { overrideTsconfig: { compilerOptions, files: [declarations] } },
    messages: {
      compilerMessageReporting: { default: { logLevel: ExtractorLogLevel.Error } },
      extractorMessageReporting: { default: { logLevel: ExtractorLogLevel.None } },
      tsdocMessageReporting: { default: { logLevel: ExtractorLogLevel.None } },
    },
  }
}
