import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { trustedEntry } from '../../bootstrap/toolchain-directory.mjs'

/** A program that is built from source with Go. */
export interface GoTool {
  /** The import path of the program. */
  readonly module: string
  readonly version: string
}

/** The program's path, or the reason why it is not available. */
export type FoundGoTool =
  | { readonly kind: 'found'; readonly program: string }
  | { readonly kind: 'missing'; readonly why: string }

/** The source directory, or the reason why it is not available. */
export type FoundGoModule =
  | { readonly kind: 'found'; readonly directory: string }
  | { readonly kind: 'missing'; readonly why: string }

const timeoutMs = 900_000

/**
 * Finds a program in the user's cache, or builds it there with Go, which verifies the source against the Go
 * checksum database.
 */
export function findGoTool({ module, version }: GoTool, go = 'go', cache?: string): FoundGoTool {
  const name = basename(module)
  const entry = `${name}-${version}`
  const at = cache === undefined ? trustedEntry(['toolchain', entry]) : join(cache, entry)
  const program = join(at, process.platform === 'win32' ? `${name}.exe` : name)
  if (existsSync(program)) return { kind: 'found', program }
  console.log(`Building ${name} ${version} in ${at} …`)
  const built = runGo(go, ['install', `${module}@${version}`], { GOBIN: at })
  return built.kind === 'missing' ? built : { kind: 'found', program }
}

/** Finds a module's source in Go's cache, or downloads it and verifies it in the same way. */
export function findGoModule({ module, version }: GoTool, go = 'go'): FoundGoModule {
  const downloaded = runGo(go, ['mod', 'download', '-json', `${module}@${version}`], {})
  if (downloaded.kind === 'missing') return downloaded
  const { Dir: directory } = JSON.parse(downloaded.out) as { readonly Dir: string }
  return { kind: 'found', directory }
}

function runGo(
  go: string,
  args: readonly string[],
  variables: NodeJS.ProcessEnv,
): { readonly kind: 'done'; readonly out: string } | { readonly kind: 'missing'; readonly why: string } {
  const { status, error, stdout, stderr } = spawnSync(go, args, {
    // Outside any other module.
    cwd: tmpdir(),
    env: { ...process.env, ...variables },
    encoding: 'utf8',
    timeout: timeoutMs,
  })
  if (status === 0) return { kind: 'done', out: stdout }
  const code = (error as NodeJS.ErrnoException | undefined)?.code
  const why = code === 'ENOENT' ? 'Go is not installed' : (error?.message ?? stderr.trim())
  return { kind: 'missing', why }
}
