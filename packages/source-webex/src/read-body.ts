import type { BodyPermit } from '@cdrstream/engine'
import { firstHeader } from './first-header.ts'
import type { TransportResponse } from './transport.ts'

/** Why a body is not there. */
export interface BodyFault {
  readonly kind: 'fault'
  readonly reason: 'unreachable' | 'timeout' | 'malformed' | 'too-large'
  /** What is wrong with a malformed one, where that is known. */
  readonly flaw?: 'cut' | 'encoding' | 'empty' | 'html'
  /** Never with content of the body. */
  readonly detail: string
}

export interface BodyBytes {
  readonly kind: 'bytes'
  readonly bytes: Buffer
}

/**
 * Reads the body to its end, as it is on the wire; of a larger one it gives up as soon as that shows. Throws
 * where the transport does, and when aborted.
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
    // While it waits, the rest stays where it comes from.
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
      detail: `the body ends at ${bodyBytes} of ${announced} bytes`,
    }
  }
  return { kind: 'bytes', bytes: Buffer.concat(chunks, bodyBytes) }
}
