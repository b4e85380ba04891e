import { writeSync } from 'node:fs'
import { setImmediate, setTimeout } from 'node:timers/promises'
import { createRenewingSignIn, createTokenFile, createWebexSource } from '../../src/index.ts'
import { sendRequest } from './send-request.ts'

/**
 * Signs in and requests the same window repeatedly, and prints each result: `page`, or a code. It runs until
 * it is killed. Parameters: URL of the API, token URL, token file, client id, client secret, refresh token.
 */
const [baseUrl = '', tokenUrl = '', path = '', clientId = '', clientSecret = '', refreshToken = ''] =
  process.argv.slice(2)
const clock = {
  nowMs: () => Date.now(),
  sleep: (ms: number, signal: AbortSignal) => setTimeout(ms, undefined, { signal }).catch(() => {}),
  yield: () => setImmediate(),
}
const never = new AbortController().signal
const signIn = createRenewingSignIn({
  clientId,
  clientSecret: { reveal: () => clientSecret },
  refreshToken: { reveal: () => refreshToken },
  store: createTokenFile(path),
  tokenUrl,
  clock,
})
const source = createWebexSource({ baseUrl, signIn, clock })
const toSec = Math.floor(clock.nowMs() / 1_000) - 60
const request = { kind: 'initial', window: { fromSec: toSec - 10, toSec }, max: 500 } as const

async function askRepeatedly(): Promise<void> {
  while (true) {
    const answer = await sendRequest(source, request)
    writeSync(1, `${answer.kind === 'refused' ? (answer.code ?? answer.reason) : answer.kind}\n`)
    await clock.sleep(5, never)
  }
}

await Promise.all([askRepeatedly(), askRepeatedly(), askRepeatedly()])
