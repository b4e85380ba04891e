import type { AnswerRow } from './answer-row.ts'
import { keepsTrying } from './phrases.ts'
import { failsWith, isLate } from './reply-signs.ts'

/** What can happen instead of an answer. */
export const unansweredRows: readonly AnswerRow[] = [
  {
    when: { kind: 'unanswered', sign: isLate },
    code: 'no-answer',
    meaning:
      'The request may have arrived, so it counts against the limit. The size of the window is probably not the cause.',
    outcome: { kind: 'failed', reason: 'timeout' },
    remedy: `Webex did not answer in time. ${keepsTrying}`,
  },
  {
    when: {
      kind: 'unanswered',
      sign: failsWith(
        ['CERT_HAS_EXPIRED', 'CERT_NOT_YET_VALID'],
        'a certificate that has expired or is not valid yet',
      ),
    },
    code: 'certificate-expired',
    meaning: 'The connection is closed before the token is sent.',
    outcome: { kind: 'failed', reason: 'unreachable' },
    remedy:
      "The server's certificate has expired or is not valid yet. Check that the date on this machine is right. If it is, an intercepting proxy's certificate has to be renewed, or someone is trying to intercept the token.",
  },
  {
    when: {
      kind: 'unanswered',
      sign: failsWith(
        ['ERR_TLS_CERT_ALTNAME_INVALID', 'UND_ERR_PRX_TLS'],
        'a certificate for a different name',
      ),
    },
    code: 'certificate-of-another',
    meaning: 'The connection is closed before the token is sent.',
    outcome: { kind: 'failed', reason: 'unreachable' },
    remedy:
      "The server's certificate is for a different host. Check that the host name resolves to Webex (DNS, hosts file), and any proxy in between.",
  },
  {
    when: {
      kind: 'unanswered',
      sign: failsWith(
        [
          'DEPTH_ZERO_SELF_SIGNED_CERT',
          'SELF_SIGNED_CERT_IN_CHAIN',
          'UNABLE_TO_GET_ISSUER_CERT',
          'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
          'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
          'CERT_UNTRUSTED',
          'CERT_SIGNATURE_FAILURE',
          'CERT_REVOKED',
          'CERT_REJECTED',
          'INVALID_CA',
          'INVALID_PURPOSE',
          'CERT_CHAIN_TOO_LONG',
        ],
        'a certificate that no trusted CA has signed',
      ),
    },
    code: 'certificate-untrusted',
    meaning: 'The connection is closed before the token is sent.',
    outcome: { kind: 'failed', reason: 'unreachable' },
    remedy:
      "The server's certificate is not signed by a certificate authority (CA) that this machine trusts. If your company's proxy intercepts TLS, put its CA certificate into a file and set webex.ca to that file. Otherwise someone may be trying to intercept the token.",
  },
  {
    when: { kind: 'unanswered', sign: failsWith(['UND_ERR_ABORTED'], 'a proxy that refuses the connection') },
    code: 'proxy-refused',
    meaning: 'The proxy answered CONNECT with a status other than 200; 407 means that it requires a sign-in.',
    outcome: { kind: 'failed', reason: 'unreachable' },
    remedy:
      "The proxy in HTTPS_PROXY refused the request. If it requires a sign-in (407), set HTTPS_PROXY to http://user:password@host:port; otherwise make it allow https to the region's host. If no proxy is needed, add the host to NO_PROXY.",
  },
  {
    when: {
      kind: 'unanswered',
      sign: failsWith(['ENOTFOUND', 'EAI_AGAIN'], 'a host name that is not found'),
    },
    code: 'host-not-found',
    meaning: 'DNS has no such host, or does not respond.',
    outcome: { kind: 'failed', reason: 'unreachable' },
    remedy:
      'The host name was not found. Check that this machine has DNS and an internet connection; behind a proxy, set HTTPS_PROXY.',
  },
  {
    when: { kind: 'unanswered' },
    code: 'unreachable',
    meaning:
      'No connection, or it ended before the headers arrived: refused, reset, broken TLS, invalid headers.',
    outcome: { kind: 'failed', reason: 'unreachable' },
    remedy: `There is no connection to Webex. ${keepsTrying} If this persists, check that the firewall allows https to the region's host; behind a proxy, set HTTPS_PROXY.`,
  },
]
