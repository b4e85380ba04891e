import type { AnswerRow } from './answer-row.ts'
import { between, keepsTrying } from './phrases.ts'
import { bodyLacks, isEmptyWithErrors, linkIs } from './reply-signs.ts'

/** Answers that have a page, or should. */
export const pageRows: readonly AnswerRow[] = [
  {
    when: { kind: 'answered', statuses: [200], sign: isEmptyWithErrors },
    code: 'errors-for-items',
    meaning: 'An error with the status of a page. Taking it for an empty window would lose its records.',
    outcome: { kind: 'failed', reason: 'unavailable' },
    remedy: `Webex reports an error instead of records. ${keepsTrying}`,
  },
  {
    when: {
      kind: 'answered',
      statuses: [200],
      sign: linkIs('next', 'items, and a Link header with a next page'),
    },
    code: 'page',
    meaning: 'A page; there are more.',
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
      sign: linkIs('not-understood', 'a Link header that is not understood'),
    },
    code: 'link-not-understood',
    meaning:
      'Nobody knows whether there are more pages: taking this for the last one could lose all later ones.',
    outcome: { kind: 'failed', reason: 'malformed' },
    remedy: `Webex answers in a form that this version does not know. ${keepsTrying} If it stays, look for a newer version of cdrstream.`,
  },
  {
    when: { kind: 'answered', statuses: [204], sign: linkIs('next', 'a Link header with a next page') },
    code: 'page',
    meaning: 'A page without records; there are more.',
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
        'a body of more bytes (as sent or decoded), items or other keys than a page may have',
      ),
    },
    code: 'body-too-large',
    meaning: 'More than a page can be, or made to do harm. No more than the limit is ever held.',
    outcome: { kind: 'failed', reason: 'too-large' },
    remedy: `Webex sent more than fits into a page: asking for shorter windows. ${keepsTrying}`,
  },
  {
    when: {
      kind: 'answered',
      statuses: [200],
      sign: bodyLacks('timeout', 'a body that does not end in time'),
    },
    code: 'body-late',
    meaning: 'The server or the line is slow, or drips on purpose.',
    outcome: { kind: 'failed', reason: 'timeout' },
    remedy: `Webex answers too slowly: asking for shorter windows. ${keepsTrying}`,
  },
  {
    when: {
      kind: 'answered',
      statuses: [200],
      sign: bodyLacks(
        'malformed',
        'an encoding that is unknown or broken, or more than two of them',
        'encoding',
      ),
    },
    code: 'body-encoding',
    meaning: 'The body cannot be decoded.',
    outcome: { kind: 'failed', reason: 'malformed' },
    remedy: `An answer came damaged. ${keepsTrying} If it stays, a proxy or firewall between may change what it passes on.`,
  },
  {
    when: { kind: 'answered', statuses: [200], sign: bodyLacks('malformed', 'HTML', 'html') },
    code: 'answer-not-from-webex',
    meaning: 'Not the API, but something between.',
    outcome: { kind: 'failed', reason: 'malformed' },
    remedy: `${between} Let it pass https to the host of the region, or set HTTPS_PROXY.`,
  },
  {
    when: { kind: 'answered', statuses: [200], sign: bodyLacks('malformed', 'an empty body', 'empty') },
    code: 'body-empty',
    meaning: 'A page has a list, if an empty one: this is none.',
    outcome: { kind: 'failed', reason: 'malformed' },
    remedy: `An answer came without content. ${keepsTrying}`,
  },
  {
    when: { kind: 'answered', statuses: [200], sign: bodyLacks('malformed', 'a body that is cut', 'cut') },
    code: 'body-cut',
    meaning: 'The connection ended in the middle of the body, or at another length than announced.',
    outcome: { kind: 'failed', reason: 'malformed' },
    remedy: `An answer broke off. ${keepsTrying}`,
  },
  {
    when: {
      kind: 'answered',
      statuses: [200],
      sign: bodyLacks(
        'malformed',
        'no JSON object with a list `items`: not JSON, `items` missing or of another type',
      ),
    },
    code: 'body-not-a-page',
    meaning: 'What there is of items is not used, for nobody knows what is missing.',
    outcome: { kind: 'failed', reason: 'malformed' },
    remedy: `An answer is not a page of records. ${keepsTrying} If it stays, look for a newer version of cdrstream.`,
  },
  {
    when: { kind: 'answered', statuses: [200], sign: bodyLacks('unreachable', 'a body that we gave up') },
    code: 'aborted',
    meaning: 'The collector is being stopped.',
    outcome: { kind: 'failed', reason: 'unreachable' },
    remedy: null,
  },
]
