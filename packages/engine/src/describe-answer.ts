import type { Answer, FailedAnswer, RefusedAnswer } from './ports/index.ts'

/** What the operator is told of an answer that is no page. */
interface Description {
  /** Stable, for machines. */
  readonly code: string
  readonly message: string
}

const refusals: Readonly<Record<RefusedAnswer['reason'], string>> = {
  token: 'the API refuses the access token: give a new one',
  permission:
    'the API refuses this user: it needs the scope spark-admin:calling_cdr_read and the role "Webex Calling Detailed Call History API access"',
  region: 'this org lives in another region: set `region`, or webex.baseUrl',
  window: 'the API refuses the times that were asked for: guessing its clock anew',
  other: 'the API refuses the request',
}

export function describeRefusal({ reason, code, remedy }: RefusedAnswer): Description {
  return { code: code ?? `refused-${reason}`, message: remedy ?? refusals[reason] }
}

export function describeFailure({ reason, code, remedy }: FailedAnswer): Description {
  const known = failure(reason)
  return { code: code ?? known.code, message: remedy ?? known.message }
}

function failure(reason: FailedAnswer['reason']): Description {
  switch (reason) {
    case 'sign-in':
      return { code: 'sign-in-failed', message: 'no access token can be had: trying again' }
    case 'token':
      return { code: 'token-ended', message: 'the API does not take the access token any more: renewing it' }
    case 'region':
      return { code: 'region-moved', message: 'this org lives in another region: asking there' }
    case 'unreachable':
    case 'timeout':
    case 'unavailable':
    case 'malformed':
    case 'too-large':
      return { code: 'unreachable', message: 'the API does not answer as it should: trying again' }
  }
}

/** The outcome of a request, for metrics. */
export function outcomeName(answer: Answer<unknown>): string {
  return answer.kind === 'refused' || answer.kind === 'failed' ? answer.reason : answer.kind
}
