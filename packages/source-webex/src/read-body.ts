import type { BodyPermit } from '@cdrstream/engine'
import { firstHeader } from './first-header.ts'
import type { TransportResponse } from './transport.ts'

/** Why a body could not be read. */
export interface BodyFault {
  readonly kind: 'fault'
  readonly reason: 'unreachable' | 'timeout' | 'malformed' | 'too-large'
  /** What is wrong with a malformed body, if known. */
  readonly flaw?: 'cut' | 'encoding' | 'empty' | 'html'
  /** Never contains body content. */
  readonly detail: string
}

export interface BodyBytes {
  readonly kind: 'bytes'
  readonly bytes: Buffer
}

/**
 * Reads the whole body without decoding it, and stops as soon as the body exceeds `maxBytes`. Throws if the
 * transport throws or the signal is aborted.
 */
export async function readBody(
  response: TransportResponse,
  maxBytes: number,
  permit: BodyPermit | undefined,
  signal: AbortSignal,
): Promise<BodyBytes | BodyFault> {
  const chunks: Uint8Array[] = []
  let bodyBytes = 0
  for await (const chunk of response.body) {
    signal.throwIfAborted()
    // While this waits for memory, the rest of the body stays with the sender.
    await permit?.hold(chunk.byteLength)
    signal.throwIfAborted()
    chunks.push(chunk)
    bodyBytes += chunk.byteLength
    if (bodyBytes > maxBytes) {
      return { kind: 'fault', reason: 'too-large', detail: `the body has more than ${maxBytes} bytes` }
    }
  }
  const announced = firstHeader(response.headers, 'content-length')
  if (announced !== undefined && Number(announced) !== bodyBytes) {
    return {
      kind: 'fault',
      reason: 'malformed',
      flaw: 'cut',
      detail: `the body has ${bodyBytes} bytes instead of the announced ${announced}`,
    }
  }
  return { kind: 'bytes', bytes: Buffer.concat(chunks, bodyBytes) }
}
