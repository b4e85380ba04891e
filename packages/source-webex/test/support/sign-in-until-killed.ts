import { writeSync } from 'node:fs'
import { setImmediate, setTimeout } from 'node:timers/promises'
import { createRenewingSignIn, createWebexSource, tokenFile } from '../../src/index.ts'
import { sendRequest } from './send-request.ts'

/**
 * Signs in and asks for the same window over and over, and says on stdout what came of it: `page`, or a code.
 * It ends only by being killed. Parameters: address of the API, address of tokens, token file, client id,
 * client secret, refresh token.
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
  store: tokenFile(path),
  tokenUrl,
  clock,
})
const source = createWebexSource({ baseUrl, signIn, clock })
const toSec = Math.floor(clock.nowMs() / 1_000) - 60
const request = { kind: 'initial', window: { fromSec: toSec - 10, toSec }, max: 500 } as const

async function askOften(): Promise<void> {
  while (true) {
    const answer = await sendRequest(source, request)
    writeSync(1, `${answer.kind === 'refused' ? (answer.code ?? answer.reason) : answer.kind}\n`)
    await clock.sleep(5, never)
  }
}

await Promise.all([askOften(), askOften(), askOften()])
