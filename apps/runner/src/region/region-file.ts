import { mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Logger } from '@cdrstream/plugin'
import { type FoundRegion, nodeTokenFiles, type RegionStore } from '@cdrstream/source-webex'
import { orgPath } from '../org-path.ts'

/** Where it is remembered in which region an org was found: `region/ORG.json` beside the journal. */
export function regionPath(journalPath: string, org: string): string {
  return orgPath(journalPath, 'region', org)
}

/**
 * Remembers the region of an org in a file of its own (0600, in a directory 0700). It is not synced: what a
 * power cut takes from it is found anew by one request. What cannot be read or written is logged, and nothing
 * more.
 */
export function regionFile(path: string, org: string, log: Logger): RegionStore {
  const warn = (error: unknown) => {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'not-understood'
    log.warn('the region of the org cannot be remembered', {
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
