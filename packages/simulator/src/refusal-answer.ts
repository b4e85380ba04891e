import { errorAnswer, type SimulatedResponse, type Stamp } from './answers.ts'
import type { Behaviour, RefusalReason } from './simulator-options.ts'

/** The usual Webex 403. It does not say whether a scope, a role or a license is missing. */
const usual403 =
  'The server understood the request, but refused to fulfill it because the access token is missing required scopes or the user is missing required roles or licenses.'

/** Returns the answer to a request that is refused for this reason. */
export function refusalAnswer(
  reason: Exclude<RefusalReason, 'none'>,
  { regionUrl, regionForm }: Behaviour,
  stamp: Stamp,
): SimulatedResponse {
  switch (reason) {
    case 'token':
      return unauthorizedAnswer(stamp)
    case 'permission':
      return errorAnswer(403, usual403, stamp)
    case 'scope':
      return errorAnswer(403, 'The access token lacks the scope spark-admin:calling_cdr_read', stamp)
    case 'role':
      return errorAnswer(403, 'The user does not have the required role', stamp)
    case 'app':
      return errorAnswer(403, 'This application is not authorized by the administrator of the org', stamp)
    case 'region':
      return regionAnswer(regionUrl, regionForm, stamp)
    case 'not-found':
      return errorAnswer(404, 'The requested resource could not be found', stamp)
  }
}

export function unauthorizedAnswer(stamp: Stamp): SimulatedResponse {
  return errorAnswer(
    401,
    'The request requires a valid access token set in the Authorization request header.',
    stamp,
  )
}

/** Returns a 451 in one of the observed forms (docs/api/webex-cdr-api.md, section 8). */
export function regionAnswer(url: string, form: Behaviour['regionForm'], stamp: Stamp): SimulatedResponse {
  const answer = errorAnswer(451, `This request should go to URL: ${url}`, stamp)
  const body = (content: unknown) => ({ ...answer, body: JSON.stringify(content) })
  switch (form) {
    case 'message':
      return answer
    case 'quoted':
      return errorAnswer(451, `The org's data is elsewhere; the request should go to URL: "${url}".`, stamp)
    case 'description':
      return body({
        message: 'Unavailable For Legal Reasons',
        errors: [{ description: `should go to URL: ${url}` }],
      })
    case 'escaped':
      return { ...answer, body: answer.body.replaceAll('/', '\\/') }
    case 'bare-host':
      return body({ message: `Please use ${new URL(url).host}` })
    case 'without-host':
      return body({ message: 'Unavailable For Legal Reasons' })
  }
}
