import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
// Imported from inside the package, because the steps before the page is split are measured separately.
import { decodeBody } from '../../../packages/source-webex/src/decode-body.ts'
import { exchange } from '../../../packages/source-webex/src/exchange.ts'
import { createUndiciTransport } from '../../../packages/source-webex/src/undici-transport.ts'
import { measure, type Ratio } from './measure.ts'
import type { Page } from './page.ts'
import { systemClock } from './system-clock.ts'

const maxBytes = 64_000_000

/** Compares fetching and decompressing a page with `fetch().text()`. */
export async function benchFetch(page: Page): Promise<readonly Ratio[]> {
  const server = spawn(process.execPath, [new URL('page-server.ts', import.meta.url).pathname], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  try {
    server.stdin.end(page.text)
    const [address] = (await once(createInterface(server.stdout), 'line')) as [string]
    const transport = createUndiciTransport()
    const signal = new AbortController().signal
    const result = await measure(60, {
      baseline: async () => void (await (await fetch(address)).text()),
      measured: async () => {
        const answer = await exchange(
          { url: `${address}/v1/cdr_stream`, headers: { 'accept-encoding': 'gzip' } },
          { transport, clock: systemClock, headersMs: 90_000, bodyMs: 90_000, maxBytes: () => maxBytes },
          signal,
        )
        if (answer.kind !== 'answered' || answer.body.kind !== 'bytes')
          throw new Error('the page was not fetched')
        const body = await decodeBody(answer.body.bytes, 'gzip', maxBytes)
        if (body.kind !== 'bytes' || body.bytes.toString().length !== page.text.length)
          throw new Error('the body is not the page')
      },
    })
    return [
      {
        what: 'fetch().text() ÷ fetch and gunzip of a page',
        goal: { kind: 'times-faster', floor: 4, aim: 5 },
        ...result,
      },
    ]
  } finally {
    server.kill()
  }
}
