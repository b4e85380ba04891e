import { X509Certificate } from 'node:crypto'
import { expect, test } from 'vitest'
import { makeCertificate } from './make-certificate.ts'

test('a certificate is signed by its authority and valid only for its hosts', async () => {
  const authority = await makeCertificate({ name: 'authority', isAuthority: true })
  const server = await makeCertificate({
    name: 'server',
    hosts: ['example.com', '127.0.0.1'],
    signedBy: authority,
  })

  const [issuer, certificate] = [authority, server].map((made) => new X509Certificate(made.certificate))

  expect(certificate?.subjectAltName).toBe('DNS:example.com, IP Address:127.0.0.1')
  expect(certificate?.verify(issuer?.publicKey ?? (undefined as never))).toBe(true)
  expect([issuer?.ca, certificate?.ca]).toEqual([true, false])
  expect([issuer?.subject, certificate?.issuer]).toEqual(['CN=authority', 'CN=authority'])
})

test('a certificate is valid between the given times', async () => {
  const { certificate } = await makeCertificate({ name: 'old', fromMs: 0, toMs: 86_400_000 })
  const { validFromDate, validToDate, subjectAltName } = new X509Certificate(certificate)
  expect([validFromDate.getTime(), validToDate.getTime(), subjectAltName]).toEqual([0, 86_400_000, undefined])
})
