import { errorAnswer, type SimulatedResponse, type Stamp } from '../answers.ts'

export function grantAnswer(body: string, stamp: Stamp): SimulatedResponse {
  const headers = { ...stamp, 'content-type': 'application/json' }
  return { status: 200, headers, body, delivered: () => {} }
}

/** Returns an OAuth error (RFC 6749, section 5.2) in the usual Webex error body. */
export function oauthError(
  status: 400 | 401 | 403,
  error: string | undefined,
  stamp: Stamp,
): SimulatedResponse {
  const answer = errorAnswer(status, 'The request for tokens is refused', stamp)
  return { ...answer, body: JSON.stringify({ ...JSON.parse(answer.body), error }) }
}
