import { isIP } from 'node:net'
import type { z } from 'zod'
import { host, leaf, list, mapping, path, token, wholeNumber, yesOrNo } from './leaf.ts'

const hostName =
  /^(?=.{1,253}$)[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)*$/

const listenAddress = leaf(
  'an IP address or a host name, such as 127.0.0.1, 0.0.0.0 or "::1"',
  { type: 'string', pattern: '^[A-Za-z0-9.:-]{1,253}$' },
  (value) =>
    typeof value === 'string' && (isIP(value) !== 0 || hostName.test(value))
      ? value.toLowerCase()
      : undefined,
)

/** `checkHttp` checks which keys require or exclude each other. */
export const httpSchema = mapping('a mapping', {
  host: listenAddress
    .describe(
      'The address to listen on. Any address other than loopback requires `token`, and `tls` or `behindProxy`.',
    )
    .prefault('127.0.0.1'),
  port: wholeNumber(0, 65_535)
    .describe('The port to listen on. 0 selects a free port, which is logged.')
    .prefault(9464),
  token: token
    .describe(
      'The token that clients send in the header `Authorization: Bearer TOKEN`. At least 16 characters. Default: none.',
    )
    .optional(),
  tls: mapping('{ cert, key }', {
    cert: path.describe('A PEM file with the certificate and any intermediate certificates.'),
    key: path.describe("A PEM file with the certificate's private key, without a passphrase."),
  })
    .describe('Serves over TLS. The files are read at startup. Default: plain HTTP.')
    .optional(),
  behindProxy: yesOrNo
    .describe('Set to true if a reverse proxy terminates TLS. Plain HTTP is then allowed on any address.')
    .prefault(false),
  allowedHosts: list('a list of hosts', host, 0, 100)
    .describe(
      'Additional names that clients use for the server: `host`, on any port, or `host:port`. Default: none.',
    )
    .prefault([]),
})

export type ShapedHttp = z.output<typeof httpSchema>
