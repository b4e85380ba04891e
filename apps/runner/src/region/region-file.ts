import { mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Logger } from '@cdrstream/plugin'
import { type FoundRegion, nodeTokenFiles, type RegionStore } from '@cdrstream/source-webex'
import { orgPath } from '../org-path.ts'

/** Returns the path of the file that stores an org's region: `region/ORG.json` beside the journal. */
export function regionPath(journalPath: string, org: string): string {
  return orgPath(journalPath, 'region', org)
}

/**
 * Returns a store for an org's region: a file (0600) in a directory (0700). The file is not synced, and
 * errors are only logged, because one request finds a lost region again.
 */
export function regionFile(path: string, org: string, log: Logger): RegionStore {
  const warn = (error: unknown) => {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'not-understood'
    log.warn('cannot store the region of the org', {
      org,
      code: 'region-not-kept',
      path,
      cause: code,
    })
  }
  return {
    async load() {
      try {
        const text = await nodeTokenFiles().readText(path)
        if (text === undefined) return undefined
        const found: unknown = JSON.parse(text)
        if (isFound(found)) return found
        warn(found)
      } catch (error) {
        warn(error)
      }
      return undefined
    },
    async save({ baseUrl, host }) {
      const next = `${path}.new`
      try {
        await mkdir(dirname(path), { recursive: true, mode: 0o700 })
        await rm(next, { force: true })
        await writeFile(next, `${JSON.stringify({ baseUrl, host })}\n`, { flag: 'wx', mode: 0o600 })
        await rename(next, path)
      } catch (error) {
        warn(error)
      }
    },
  }
}

function isFound(value: unknown): value is FoundRegion {
  if (typeof value !== 'object' || value === null) return false
  const { baseUrl, host } = value as Record<string, unknown>
  return typeof baseUrl === 'string' && typeof host === 'string'
}
