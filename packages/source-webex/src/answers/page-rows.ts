import type { AnswerRow } from './answer-row.ts'
import { between, keepsTrying } from './phrases.ts'
import { bodyLacks, isEmptyWithErrors, linkIs } from './reply-signs.ts'

/** Answers that contain a page, or should contain one. */
export const pageRows: readonly AnswerRow[] = [
  {
    when: { kind: 'answered', statuses: [200], sign: isEmptyWithErrors },
    code: 'errors-for-items',
    meaning: 'An error with the status of a page. Treating it as an empty window would lose its records.',
    outcome: { kind: 'failed', reason: 'unavailable' },
    remedy: `Webex returned an error instead of records. ${keepsTrying}`,
  },
  {
    when: {
      kind: 'answered',
      statuses: [200],
      sign: linkIs('next', 'items, and a Link header with a next page'),
    },
    code: 'page',
    meaning: 'A page that is not the last.',
    outcome: { kind: 'page', items: 'body' },
    remedy: null,
  },
  {
    when: { kind: 'answered', statuses: [200], sign: linkIs('none', 'items, and no link to a next page') },
    code: 'last-page',
    meaning: 'The last page of the window, or the only one.',
    outcome: { kind: 'page', items: 'body' },
    remedy: null,
  },
  {
    when: {
      kind: 'answered',
      statuses: [200, 204],
      sign: linkIs('not-understood', 'a Link header in an unknown format'),
    },
    code: 'link-not-understood',
    meaning:
      'It is unknown whether there are more pages. Treating this page as the last could lose all later pages.',
    outcome: { kind: 'failed', reason: 'malformed' },
    remedy: `Webex answered in a format that this version does not support. ${keepsTrying} If this persists, look for a newer version of cdrstream.`,
  },
  {
    when: { kind: 'answered', statuses: [204], sign: linkIs('next', 'a Link header with a next page') },
    code: 'page',
    meaning: 'A page without records that is not the last.',
    outcome: { kind: 'page', items: 'none' },
    remedy: null,
  },
  {
    when: { kind: 'answered', statuses: [204] },
    code: 'no-records',
    meaning: 'The window has no records.',
    outcome: { kind: 'page', items: 'none' },
    remedy: null,
  },
  {
    when: {
      kind: 'answered',
      statuses: [200],
      sign: bodyLacks(
        'too-large',
        'a body with more bytes (as sent or decoded), items or other keys than a page can have',
      ),
    },
    code: 'body-too-large',
    meaning:
      'Larger than a page can be, or crafted to cause harm. Never more than the limit is kept in memory.',
    outcome: { kind: 'failed', reason: 'too-large' },
    remedy: `Webex sent more data than a page can hold; shorter windows are requested. ${keepsTrying}`,
  },
  {
    when: {
      kind: 'answered',
      statuses: [200],
      sign: bodyLacks('timeout', 'a body that does not arrive in time'),
    },
    code: 'body-late',
    meaning: 'The connection is slow, or the server sends slowly, possibly on purpose.',
    outcome: { kind: 'failed', reason: 'timeout' },
    remedy: `Webex answered too slowly; shorter windows are requested. ${keepsTrying}`,
  },
  {
    when: {
      kind: 'answered',
      statuses: [200],
      sign: bodyLacks('malformed', 'an unknown or broken encoding, or more than two encodings', 'encoding'),
    },
    code: 'body-encoding',
    meaning: 'The body cannot be decoded.',
    outcome: { kind: 'failed', reason: 'malformed' },
    remedy: `An answer arrived damaged. ${keepsTrying} If this persists, a proxy or firewall may be modifying answers.`,
  },
  {
    when: { kind: 'answered', statuses: [200], sign: bodyLacks('malformed', 'HTML', 'html') },
    code: 'answer-not-from-webex',
    meaning: 'Something between this machine and the API answered.',
    outcome: { kind: 'failed', reason: 'malformed' },
    remedy: `${between} Allow https to the region's host, or set HTTPS_PROXY.`,
  },
  {
    when: { kind: 'answered', statuses: [200], sign: bodyLacks('malformed', 'an empty body', 'empty') },
    code: 'body-empty',
    meaning: 'A page always has a list, even if it is empty.',
    outcome: { kind: 'failed', reason: 'malformed' },
    remedy: `An answer had no content. ${keepsTrying}`,
  },
  {
    when: { kind: 'answered', statuses: [200], sign: bodyLacks('malformed', 'a truncated body', 'cut') },
    code: 'body-cut',
    meaning: 'The connection ended in the middle of the body, or after a different length than announced.',
    outcome: { kind: 'failed', reason: 'malformed' },
    remedy: `An answer was cut off. ${keepsTrying}`,
  },
  {
    when: {
      kind: 'answered',
      statuses: [200],
      sign: bodyLacks(
        'malformed',
        'not a JSON object with a list `items`: not JSON, or `items` missing or of the wrong type',
      ),
    },
    code: 'body-not-a-page',
    meaning: 'Its items are not used, because it is unknown what is missing.',
    outcome: { kind: 'failed', reason: 'malformed' },
    remedy: `An answer was not a page of records. ${keepsTrying} If this persists, look for a newer version of cdrstream.`,
  },
  {
    when: { kind: 'answered', statuses: [200], sign: bodyLacks('unreachable', 'a body that was aborted') },
    code: 'aborted',
    meaning: 'The collector is stopping.',
    outcome: { kind: 'failed', reason: 'unreachable' },
    remedy: null,
  },
]
