import { mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { copyRepository } from './copy-repository.ts'

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

export interface ScratchCopies {
  readonly copies: readonly string[]
  /** Aborted on Ctrl-C and similar signals. Everything that uses the copies must then end. */
  readonly signal: AbortSignal
}

/**
 * Makes copies of the repository for the time that `use` runs. They are always removed, even if the process
 * is interrupted.
 */
export async function withScratchCopies(count: number, use: (scratch: ScratchCopies) => Promise<void>) {
  const directory = realpathSync(mkdtempSync(join(tmpdir(), 'cdrstream-mutants-')))
  const remove = (): void => rmSync(directory, { recursive: true, force: true, maxRetries: 5 })
  const interruption = new AbortController()
  const interrupt = (): void => {
    interruption.abort()
    remove()
    process.exit(130)
  }
  for (const name of signals) process.on(name, interrupt)
  try {
    const copies = Array.from({ length: count }, (_, index) => join(directory, `copy-${index}`))
    for (const copy of copies) copyRepository(copy)
    await use({ copies, signal: interruption.signal })
  } finally {
    for (const name of signals) process.off(name, interrupt)
    remove()
  }
}
