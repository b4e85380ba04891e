import type { AnswerRow } from './answer-row.ts'
import { keepsTrying } from './phrases.ts'
import { failsWith, isLate } from './reply-signs.ts'

/** What there is instead of an answer. */
export const silenceRows: readonly AnswerRow[] = [
  {
    when: { kind: 'unanswered', sign: isLate },
    code: 'no-answer',
    meaning:
      'The request may have arrived, so it counts. A server that is silent says nothing about the size of the window.',
    outcome: { kind: 'failed', reason: 'timeout' },
    remedy: `Webex does not answer in time. ${keepsTrying}`,
  },
  {
    when: {
      kind: 'unanswered',
      sign: failsWith(
        ['CERT_HAS_EXPIRED', 'CERT_NOT_YET_VALID'],
        'a certificate that has ended or does not begin yet',
      ),
    },
    code: 'certificate-expired',
    meaning: 'The connection is given up before the token is sent.',
    outcome: { kind: 'failed', reason: 'unreachable' },
    remedy:
      'The certificate of the server is not valid today. See that the date of this machine is right. If it is, the certificate of a proxy between has to be renewed, or someone is after the token.',
  },
  {
    when: {
      kind: 'unanswered',
      sign: failsWith(['ERR_TLS_CERT_ALTNAME_INVALID', 'UND_ERR_PRX_TLS'], 'a certificate of another name'),
    },
    code: 'certificate-of-another',
    meaning: 'The connection is given up before the token is sent.',
    outcome: { kind: 'failed', reason: 'unreachable' },
    remedy:
      'Who answers has a certificate, but not of the host that was asked. See that the host name leads to Webex (DNS, hosts file), and what proxy is between.',
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
        'a certificate that no known authority has signed',
      ),
    },
    code: 'certificate-untrusted',
    meaning: 'The connection is given up before the token is sent.',
    outcome: { kind: 'failed', reason: 'unreachable' },
    remedy:
      'No authority that this machine trusts has signed the certificate of the server. If a proxy of your company opens TLS, put the certificate of its authority into a file and name it in webex.ca. Otherwise someone between may be after the token.',
  },
  {
    when: { kind: 'unanswered', sign: failsWith(['UND_ERR_ABORTED'], 'a proxy that refuses the way') },
    code: 'proxy-refused',
    meaning: 'The proxy answered CONNECT with something else than 200; 407: it wants a sign-in.',
    outcome: { kind: 'failed', reason: 'unreachable' },
    remedy:
      'The proxy of HTTPS_PROXY does not let the request pass. If it wants a sign-in (407), set HTTPS_PROXY to http://user:password@host:port; else let it allow https to the host of the region. Where no proxy is needed, name the host in NO_PROXY.',
  },
  {
    when: { kind: 'unanswered', sign: failsWith(['ENOTFOUND', 'EAI_AGAIN'], 'a name that is not found') },
    code: 'host-not-found',
    meaning: 'DNS does not know the host, or does not answer.',
    outcome: { kind: 'failed', reason: 'unreachable' },
    remedy:
      'The name of the host is not found. See that this machine has DNS and a way to the internet; behind a proxy, set HTTPS_PROXY.',
  },
  {
    when: { kind: 'unanswered' },
    code: 'unreachable',
    meaning:
      'No connection, or it was cut before the headers had come: refused, reset, broken TLS, headers that are none.',
    outcome: { kind: 'failed', reason: 'unreachable' },
    remedy: `There is no connection to Webex. ${keepsTrying} If it stays, see that a firewall lets https pass to the host of the region; behind a proxy, set HTTPS_PROXY.`,
  },
]
