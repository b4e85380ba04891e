import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { toolchainDirectory } from '../../bootstrap/toolchain-directory.mjs'

const module = 'github.com/rhysd/actionlint/cmd/actionlint'
const version = 'v1.7.12'
const timeoutMs = 300_000

/** The path of actionlint, or the reason why it is not available. */
export type FoundActionlint =
  | { readonly kind: 'found'; readonly program: string }
  | { readonly kind: 'missing'; readonly why: string }

/**
 * Finds actionlint in the user's cache, or builds it there with Go, which verifies the source against the Go
 * checksum database.
 */
export function findActionlint(go = 'go', directory = toolchainDirectory()): FoundActionlint {
  const at = join(directory, `actionlint-${version}`)
  const program = join(at, process.platform === 'win32' ? 'actionlint.exe' : 'actionlint')
  if (existsSync(program)) return { kind: 'found', program }
  console.log(`Building actionlint ${version} into ${at} …`)
  const { status, error, stderr } = spawnSync(go, ['install', `${module}@${version}`], {
    env: { ...process.env, GOBIN: at },
    encoding: 'utf8',
    timeout: timeoutMs,
  })
  if (status === 0) return { kind: 'found', program }
  const code = (error as NodeJS.ErrnoException | undefined)?.code
  const why = code === 'ENOENT' ? 'Go is not installed' : (error?.message ?? stderr.trim())
  return { kind: 'missing', why }
}
