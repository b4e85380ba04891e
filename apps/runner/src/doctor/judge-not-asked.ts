import { showSpan } from '../status/show-amount.ts'
import type { NotAsked } from './ask-once.ts'
import { notChecked, type Result, warning } from './check.ts'
import { allNotChecked, type OrgResults } from './judge-answer.ts'

/** Returns the results for a request that was not sent: the reason, and when it can be sent. */
export function judgeNotAsked(notAsked: NotAsked): OrgResults {
  return { ...allNotChecked('not-asked', 'no request was sent: see limits'), limits: limits(notAsked) }
}

function limits({ reason, freeInMs }: NotAsked): Result {
  const free =
    freeInMs === null
      ? 'it is not known yet when the next request is available'
      : `the next request is available in ${showSpan(Math.ceil(freeInMs / 1_000))}`
  switch (reason) {
    case 'spent':
      return notChecked('budget-spent', `this minute's request has been used; ${free}: run doctor again then`)
    case 'pushed-back':
      return warning(
        'pushed-back',
        `Webex answered 429, so no request is sent yet; ${free}`,
        'Wait, and run doctor again. If it happens again, another program uses this credential: look for another collector, a script or a reporting tool that reads call detail records with the same token.',
      )
    case 'collector-silent':
      return notChecked(
        'collector-silent',
        'the running collector has sent nothing for ten minutes, or the local clock was changed: another request could exceed the rate limit. The collector log shows what it is waiting for. Or stop the collector and run doctor again',
      )
    case 'journal-full':
      return notChecked(
        'journal-full',
        'there is no space in the journal to record the request, so it was not sent: see disk',
      )
    case 'stopped':
      return notChecked('stopped', 'doctor was stopped')
  }
}
