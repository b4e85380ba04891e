import { createWriteStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import type { Ledger } from '@cdrstream/simulator'

/**
 * Writes a JSON line for each record revision that was returned in a complete response: `{ org, reportId,
 * content }`. `content` is the SHA-1 of the record's JSON text, as the API sent it, in base64url.
 */
export async function writeLedger(path: string, ledger: Ledger): Promise<void> {
  await pipeline(
    function* () {
      for (const { org, reportId, content, isRecord, shownMs } of ledger.entries.values()) {
        if (isRecord && shownMs !== null) yield `${JSON.stringify({ org, reportId, content })}\n`
      }
    },
    createWriteStream(path, { mode: 0o600 }),
  )
}
