import type { Answer, FailedAnswer, RefusedAnswer } from './ports/index.ts'

/** The log entry for a response that is not a page. */
interface Description {
  /** A stable code for programs. */
  readonly code: string
  readonly message: string
}

const refusals: Readonly<Record<RefusedAnswer['reason'], string>> = {
  token: 'the API refuses the access token; provide a new one',
  permission:
    'the API refuses this user; it needs the scope spark-admin:calling_cdr_read and the role "Webex Calling Detailed Call History API access"',
  region: 'this org is in another region; set `region` or `webex.baseUrl`',
  window: 'the API refuses the requested times; estimating its clock again',
  other: 'the API refuses the request',
}

/** Returns the code and message of a refusal: from the source, or else from its reason. */
export function describeRefusal({ reason, code, remedy }: RefusedAnswer): Description {
  return { code: code ?? `refused-${reason}`, message: remedy ?? refusals[reason] }
}

/** Returns the code and message of a failure: from the source, or else from its reason. */
export function describeFailure({ reason, code, remedy }: FailedAnswer): Description {
  const known = failure(reason)
  return { code: code ?? known.code, message: remedy ?? known.message }
}

function failure(reason: FailedAnswer['reason']): Description {
  switch (reason) {
    case 'sign-in':
      return { code: 'sign-in-failed', message: 'cannot get an access token; retrying' }
    case 'token':
      return { code: 'token-ended', message: 'the API no longer accepts the access token; renewing it' }
    case 'region':
      return { code: 'region-moved', message: 'this org is in another region; sending requests there' }
    case 'unreachable':
    case 'timeout':
    case 'unavailable':
    case 'malformed':
    case 'too-large':
      return { code: 'unreachable', message: 'the API does not answer correctly; retrying' }
  }
}

/** Returns the outcome of a request, for metrics. */
export function outcomeName(answer: Answer<unknown>): string {
  return answer.kind === 'refused' || answer.kind === 'failed' ? answer.reason : answer.kind
}
