import { once } from 'node:events'
import { connect as connectTls } from 'node:tls'
import { errorCode, SinkFault, withSignal } from '@cdrstream/sink-kit'

const maxWaitMs = 3_000

/**
 * Returns the fault if TLS with a node fails because of its certificate, or undefined for any other problem,
 * such as a node that is down. It connects again, because the client's error has no code.
 */
export async function diagnoseTls(
  nodes: readonly string[],
  ca: Buffer | undefined,
  signal: AbortSignal,
): Promise<SinkFault | undefined> {
  const limited = AbortSignal.any([signal, AbortSignal.timeout(maxWaitMs)])
  for (const node of nodes) {
    const { protocol, hostname, port } = new URL(node)
    if (protocol !== 'https:') continue
    const host = hostname.replace(/^\[|\]$/g, '')
    const code = await certificateError({ host, port: Number(port || 443), ca }, limited)
    if (code === undefined) continue
    return new SinkFault(
      'certificate-not-trusted',
      `set ca to the certificate of the authority that signed the server's, or correct the server's certificate (${code})`,
    )
  }
  return undefined
}

/** The error codes of OpenSSL and Node.js for certificates. Other connection problems have other codes. */
const certificateCode = /CERT|SIGNATURE|ERR_TLS/

async function certificateError(
  { host, port, ca }: { readonly host: string; readonly port: number; readonly ca: Buffer | undefined },
  signal: AbortSignal,
): Promise<string | undefined> {
  if (signal.aborted) return undefined
  const socket = connectTls({
    host,
    port,
    ...(ca === undefined ? {} : { ca }),
    ...(/^[\d.:]+$/.test(host) ? {} : { servername: host }),
  })
  // Errors after the first one or after the handshake do not matter.
  socket.on('error', () => {})
  try {
    await withSignal(
      signal,
      () => once(socket, 'secureConnect'),
      () => socket.destroy(),
    )
    return undefined
  } catch (error) {
    const code = errorCode(error)
    return code !== undefined && certificateCode.test(code) ? code : undefined
  } finally {
    socket.destroy()
  }
}
