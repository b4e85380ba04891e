import type { AnswerRow } from '../src/answers/answer-row.ts'
import { answerTable } from '../src/answers/answer-table.ts'

export const apiBehaviourFile = new URL('../../../docs/api-behaviour.md', import.meta.url)

/** Returns docs/api-behaviour.md, which describes the table of answers. */
export function renderApiBehaviour(): string {
  const answered = answerTable.filter(({ when }) => when.kind === 'answered')
  const unanswered = answerTable.filter(({ when }) => when.kind === 'unanswered')
  return `<!-- Generated from packages/source-webex/src/answers by \`pnpm --filter @cdrstream/source-webex generate\`. Do not edit. -->

# What each response from the API means

Every response from \`cdr_stream\` is classified by one table; the first matching row applies. No one outside Cisco knows all responses. The
[facts about the API](api/webex-cdr-api.md) list what Cisco does not document, and where it was observed.

The code is stable. The log contains it, together with the remedy, the org, the status, the API's own text (shortened, without secrets) and two
TrackingIDs: the one that each request carries, and the server's. Cisco's support finds a request by either.

## With an answer

${renderRows(answered)}

## Without an answer

${renderRows(unanswered)}

## What the collector does

Times are those of the default terms, one initial request a minute, and scale with them. Each request has a slot of the rate limit, which is
durable before the request is sent, including the one after a 401 or a 451.

- **accepts the page**: its records and how far they reach are committed in one transaction. A window that is empty although it contains one
  that had records is read once more.
- **waits for the limit**: nothing is sent before the longer of Retry-After (an hour at most) and a minute. From the third 429 in a row on,
  the collector sends half as often, and logs \`credential-shared\`.
- **retries**: with the next slot, then after 1, 2, 4 and 5 minutes, or after Retry-After if that is longer (5 minutes at most).
  \`run --once\` gives up after two minutes without progress (\`--timeout\`), with code 1.
- **pauses**: this org is retried every 5 minutes, and shown with its code until it succeeds; the others continue. \`run --once\` exits with
  code 3.
- **plans again**: immediately, with a margin that doubles, up to eight times; then it pauses.

## Headers

- **Date**: ignored if missing, or more than a year from the local clock. The last known time of the server then applies.
- **Retry-After**: seconds, or a date, which is counted from the server's own Date. A negative value, or one that is not a number, is ignored.
  At most a day is believed.
- **Link**: the normal and the misprinted form, in any letter case. Of the URL, only the query is used; scheme, host and path are those
  of the configuration.
- **Content-Encoding**: gzip, deflate, br and zstd, at most two nested. The size limit of a body (64 MB) applies to the decoded body.
- **Content-Length**: a body of a different length than announced is truncated.
`
}

function renderRows(rows: readonly AnswerRow[]): string {
  const head = ['answer', 'code', 'meaning', 'the collector', 'remedy']
  const cells = rows.map((row) => [
    whenOf(row),
    `\`${row.code}\``,
    row.meaning,
    doesOf(row),
    row.remedy === null ? '' : row.remedy.replaceAll(/\{(\w+)\}/g, '*$1*'),
  ])
  const line = (texts: readonly string[]) =>
    `| ${texts.map((text) => text.replaceAll('|', '\\|')).join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...cells.map(line)].join('\n')
}

function whenOf({ when }: AnswerRow): string {
  if (when.kind === 'unanswered') return when.sign?.description ?? 'anything else'
  const statuses = when.statuses.map((status) =>
    typeof status === 'number' ? String(status) : status[0] === 0 ? 'any other' : `${status[0]}–${status[1]}`,
  )
  return [statuses.join(', '), ...(when.sign === undefined ? [] : [when.sign.description])].join(': ')
}

function doesOf({ outcome, when }: AnswerRow): string {
  switch (outcome.kind) {
    case 'page':
      return 'accepts the page'
    case 'limited':
      return 'waits for the limit'
    case 'refused':
      return outcome.reason === 'window' ? 'plans again' : 'pauses'
    case 'failed': {
      const { reason } = outcome
      const wasTooMuch =
        when.kind === 'answered' &&
        (reason === 'too-large' || reason === 'timeout' || when.statuses.includes(504))
      if (wasTooMuch) return 'retries, with half the window'
      if (reason === 'token') return 'retries, with a different token'
      return reason === 'region' ? 'retries, at the other host' : 'retries'
    }
  }
}
