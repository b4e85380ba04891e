import { showSpan } from '../status/show-amount.ts'
import type { NotAsked } from './ask-once.ts'
import { notChecked, type Result, warning } from './check.ts'
import { allNotChecked, type OrgResults } from './judge-answer.ts'

/** The request was not sent: what there is to say of the limits, and why nothing else was checked. */
export function judgeNotAsked(notAsked: NotAsked): OrgResults {
  return { ...allNotChecked('not-asked', 'Webex was not asked: see limits'), limits: limits(notAsked) }
}

function limits({ reason, freeInMs }: NotAsked): Result {
  const free =
    freeInMs === null
      ? 'when the next one is free is not known yet'
      : `the next one is free in ${showSpan(Math.ceil(freeInMs / 1_000))}`
  switch (reason) {
    case 'spent':
      return notChecked('budget-spent', `the request of this minute is spent: ${free}; run doctor again then`)
    case 'pushed-back':
      return warning(
        'pushed-back',
        `Webex has answered 429, and nothing is sent before its time: ${free}`,
        'Wait, and run doctor again. If it comes again, someone else uses this credential: look for another collector, a script or a reporting tool that reads call detail records with the same token.',
      )
    case 'collector-silent':
      return notChecked(
        'collector-silent',
        'the collector that runs has not asked Webex for ten minutes, or the clock of this machine was set meanwhile: a request beside it could break the limit. Its log says what it waits for; stop it, and run doctor again',
      )
    case 'journal-full':
      return notChecked(
        'journal-full',
        'the journal could not remember the request for want of room, and without that none is sent: see disk',
      )
    case 'stopped':
      return notChecked('stopped', 'doctor was stopped')
  }
}
